// `npm run bench`: run `node test/bench/main.ts --help` for the options.
export {};

await import(new URL('../../scripts/lib/ts-imports.mjs', import.meta.url).href);
const { parseOptions } = await import('./options.js');
const { bench } = await import('./bench.js');
const { overload } = await import('./overload/overload.js');
const { soak } = await import('./soak/soak.js');
const { scaling } = await import('./scaling/scaling.js');
const { sizing } = await import('./sizing/sizing.js');

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.sizing) process.exitCode = await sizing();
  else if (options.scaling) process.exitCode = await scaling(options);
  else if (options.soak) process.exitCode = await soak(options);
  else process.exitCode = options.overload ? await overload(options) : await bench(options);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
