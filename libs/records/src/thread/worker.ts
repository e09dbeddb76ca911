import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadOptions } from './protocol.js';
import { serve } from './serve.js';

await serve(parentPort!, workerData as ThreadOptions);
