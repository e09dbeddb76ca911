/** The oldest Node that the product runs on; the one that comes with its dependencies is newer. */
const OLDEST_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: ${OLDEST_MAJOR} or newer is needed. ` +
      'Start with `npm start`, or with node_modules/.bin/node.\n',
  );
  process.exit(1);
}
