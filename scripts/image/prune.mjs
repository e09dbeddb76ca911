// Takes out of node_modules what an image never loads. For the platform that this Node runs on, which is the image's own,
// also where it is emulated: npm has chosen the other native packages by the same.
import { existsSync, globSync, rmSync } from 'node:fs';
import path from 'node:path';

const [root = 'node_modules'] = process.argv.slice(2);

const [runtime] = globSync(path.join(root, 'onnxruntime-node/bin/napi-v*'));
const own = runtime && path.join(runtime, process.platform, process.arch);
if (!own || !existsSync(own)) {
  console.error(
    `ONNX Runtime has no binaries for ${process.platform} on ${process.arch}: this image could not score`,
  );
  process.exit(1);
}
for (const directory of globSync(path.join(runtime, '*/*'))) {
  if (directory !== own) rmSync(directory, { recursive: true });
}
// For debuggers and compilers.
for (const file of globSync(path.join(root, '**/*.{map,d.ts,d.mts,d.cts}'))) rmSync(file, { force: true });
