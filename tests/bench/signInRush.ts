/** A thread of its own: signs so many people in at once and says when all are in, so that the rush does not slow the clock that measures the others. */
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

interface Rush {
  readonly address: string;
  readonly emails: readonly string[];
  readonly password: string;
  readonly signIns: number;
}

const { address, emails, password, signIns } = workerData as Rush;
const agent = new Agent({ maxSockets: signIns });

function signIn(email: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${address}/api/session`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0)).on('error', reject);
    });
    outgoing.on('error', reject).end(JSON.stringify({ email, password }));
  });
}

parentPort?.once('message', () => {
  void Promise.all(Array.from({ length: signIns }, (_, i) => signIn(emails[i % emails.length] ?? ''))).then((statuses) => {
    agent.destroy();
    parentPort?.postMessage(statuses.filter((status) => status !== 200).length);
  });
});
