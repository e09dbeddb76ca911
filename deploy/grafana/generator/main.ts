import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dashboardFiles } from './dashboards.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');

for (const [file, content] of dashboardFiles()) {
  const place = path.join(ROOT, file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  process.stdout.write(`Wrote ${file}\n`);
}
