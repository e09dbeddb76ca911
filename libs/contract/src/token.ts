/** Printable ASCII without spaces: safe in keys, headers and logs. The pattern bounds the length too. */
export const TOKEN_64 = /^[\x21-\x7e]{1,64}$/;
export const TOKEN_128 = /^[\x21-\x7e]{1,128}$/;
