import { closedLoop } from './closed-loop.js';
import { Connection } from './connection.js';
import { openLoop } from './open-loop.js';
import type { FormName } from './forms.js';
import type { LoadCommand, LoadReply } from './protocol.js';
import { Requests } from './requests.js';

// The load generator: a process of its own, so that its work is in nobody else's figures.

const requestsByForm = new Map<FormName, Requests>();
let connections: Connection[] = [];

async function execute(command: LoadCommand): Promise<LoadReply> {
  if (command.type === 'connect') {
    for (const connection of connections) connection.close();
    connections = await Promise.all(
      Array.from({ length: command.connections }, () => Connection.open(command.port)),
    );
    return { type: 'connected' };
  }
  const { run } = command;
  const requests = requestsOf(run.form);
  requests.seek(run.firstTransaction);
  const tally =
    run.rate === null
      ? await closedLoop(connections, requests, run)
      : await openLoop(connections, requests, { ...run, rate: run.rate });
  return { type: 'result', result: tally.result() };
}

function requestsOf(form: FormName): Requests {
  const known = requestsByForm.get(form) ?? new Requests(form);
  requestsByForm.set(form, known);
  return known;
}

process.on('message', (command: LoadCommand) => {
  void execute(command)
    .catch((error: unknown): LoadReply => ({ type: 'failed', message: String(error) }))
    .then((reply) => process.send!(reply));
});
process.on('disconnect', () => process.exit());
