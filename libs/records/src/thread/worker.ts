import { parentPort, workerData } from 'node:worker_threads';
import { giveWay } from './give-way.js';
import type { ThreadOptions } from './protocol.js';
import { serve } from './serve.js';

giveWay();
await serve(parentPort!, workerData as ThreadOptions);
