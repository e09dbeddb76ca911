/** The body is not JSON. It carries no message of the parser: that would repeat the body. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}
