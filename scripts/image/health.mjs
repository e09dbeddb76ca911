// Whether the server of a container is well: node health.mjs [/ready]. The image has no curl.
// API or consumer, whichever it is: one of the two ports answers.
const path = process.argv[2] ?? '/health';
const ports = [process.env.PORT || '8000', process.env.CONSUMER_PORT || '8001'];

const answers = await Promise.all(
  ports.map((port) =>
    fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4000) }).then(
      ({ status }) => status,
      () => undefined,
    ),
  ),
);
const given = answers.filter((status) => status !== undefined);
console.log(given.length === 0 ? 'nothing answers' : given.join(' '));
process.exitCode = given.length > 0 && given.every((status) => status === 200) ? 0 : 1;
