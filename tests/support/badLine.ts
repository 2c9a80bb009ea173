/** A bad line between a phone and the service: every request goes twice, answers get lost, and who is behind it may be killed and started again. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BadLine {
  readonly address: string;
  /** Where the service is now. */
  leadsTo(address: string): void;
  /** From now on every change is sent twice. */
  twice(on: boolean): void;
  /** Called once when the n-th change from now on has been sent for the first time; its answer is then lost. */
  losesAnswer(nth: number, meanwhile: () => Promise<void>): void;
  /** How often a change reached the service. */
  readonly sent: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function forward(to: string, asked: IncomingMessage, body: Buffer): Promise<Answer> {
  const { hostname, port } = new URL(to);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers, agent: false }, (answer) => {
      readAll(answer).then((all) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: all }), reject);
    });
    sent.on('error', reject).end(body);
  });
}

export async function openBadLine(): Promise<BadLine> {
  let to = '';
  let doubled = false;
  let sent = 0;
  let lost: { countdown: number; meanwhile: () => Promise<void> } | undefined;

  async function pass(asked: IncomingMessage, answered: ServerResponse): Promise<void> {
    const body = await readAll(asked);
    const changes = asked.method === 'POST' && asked.url?.startsWith('/api/session') === false;
    let answer = await forward(to, asked, body);
    if (changes) sent += 1;
    if (changes && lost && --lost.countdown === 0) {
      const { meanwhile } = lost;
      lost = undefined;
      await meanwhile();
      return void answered.destroy();
    }
    if (changes && doubled) {
      answer = await forward(to, asked, body);
      sent += 1;
    }
    answered.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = createServer((asked, answered) => void pass(asked, answered).catch(() => answered.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadsTo: (address) => void (to = address),
    twice: (on) => void (doubled = on),
    losesAnswer: (nth, meanwhile) => void (lost = { countdown: nth, meanwhile }),
    get sent() {
      return sent;
    },
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
