/**
 * PostgreSQL's wire protocol on a socket in front of PGlite, which has one session for everybody.
 *
 * A client's messages are run in whole units (up to Sync, or one simple Query), never mixed with another's, since unnamed
 * statements are shared; and while a transaction is open only its own connection is served. After an error the rest of the
 * unit is skipped and exactly one ReadyForQuery is sent, as a server does: PGlite itself sends one for the error and one for
 * the Sync, which would shift every later answer by one.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

type Engine = Pick<PGlite, 'execProtocolRawStream' | 'exec'>;

/** Where the engine's WebAssembly keeps its stack; PGlite hands it out without naming it in its types. */
interface Stack {
  value: number;
}

function stackOf(engine: Engine): Stack {
  const stack = (engine as { mod?: { ___stack_pointer?: Stack } }).mod?.___stack_pointer;
  if (typeof stack?.value !== 'number') throw new Error('This version of PGlite does not show its stack, so errors would fill it up. Use the version in package.json.');
  return stack;
}

/**
 * Runs something in the engine and takes its stack back to where it was. An error leaves by a long jump that never does: 816 bytes each time,
 * so that after some 2,500 refused statements every one would end with "stack depth limit exceeded".
 */
async function onStack<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  const stack = stackOf(engine);
  const before = stack.value;
  try {
    return await work();
  } finally {
    stack.value = before;
  }
}

const sslRequest = 80877103;
const cancelRequest = 80877102;
const code = (letter: string): number => letter.charCodeAt(0);
const [query, sync, terminate, readyForQuery, errorResponse, idle] = ['Q', 'S', 'X', 'Z', 'E', 'I'].map(code) as [number, number, number, number, number, number];

interface Unit {
  readonly client: Client;
  readonly messages: readonly Buffer[];
}

interface Client {
  readonly socket: Socket;
  received: Buffer;
  started: boolean;
  gathered: Buffer[];
  /** The database role its connection asked for (`options=-c role=…`), as a server would keep it for that connection. */
  role: string;
}

/** Serves the engine on a Unix socket until `stop`. */
export async function serveEngine(engine: Engine, path: string): Promise<{ stop(): Promise<void> }> {
  const waiting: Unit[] = [];
  const clients = new Set<Client>();
  let owner: Client | undefined;
  let role = '';
  let busy: Promise<void> | undefined;

  async function workThrough(): Promise<void> {
    for (;;) {
      // A client that went away in a transaction leaves nothing of it behind; nobody else's unit may run before that.
      if (owner?.socket.destroyed) await rollBack();
      const unit = next();
      if (!unit) return;
      if (!owner && role !== unit.client.role) await takeRole(unit.client.role);
      const status = await runUnit(engine, unit).catch((error: unknown) => unit.client.socket.destroy(error as Error) && idle);
      owner = status === idle ? undefined : unit.client;
    }
  }

  function next(): Unit | undefined {
    const index = owner ? waiting.findIndex((unit) => unit.client === owner) : 0;
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  }

  function wake(): void {
    busy ??= workThrough().finally(() => {
      busy = undefined;
      if (owner?.socket.destroyed || (owner ? waiting.some((unit) => unit.client === owner) : waiting.length > 0)) wake();
    });
  }

  async function takeRole(wanted: string): Promise<void> {
    await engine.exec(wanted ? `set role ${wanted}` : 'reset role');
    role = wanted;
  }

  async function rollBack(): Promise<void> {
    owner = undefined;
    await engine.exec('ROLLBACK');
  }

  function leave(client: Client): void {
    clients.delete(client);
    for (let index = waiting.length - 1; index >= 0; index -= 1) if (waiting[index]!.client === client) waiting.splice(index, 1);
    wake();
  }

  const server = createServer((socket) => {
    const client: Client = { socket, received: Buffer.alloc(0), started: false, gathered: [], role: '' };
    clients.add(client);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      for (const messages of unitsOf(client, chunk)) waiting.push({ client, messages });
      wake();
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => leave(client));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return { stop: () => stop(server, clients, () => busy) };
}

async function stop(server: Server, clients: ReadonlySet<Client>, busy: () => Promise<void> | undefined): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  await busy();
  for (const client of clients) client.socket.destroy();
  await closed;
}

/** Cuts what came in into whole messages and gathers them up to a Sync or a simple Query. */
function unitsOf(client: Client, chunk: Buffer): Buffer[][] {
  client.received = client.received.length ? Buffer.concat([client.received, chunk]) : chunk;
  const units: Buffer[][] = [];
  for (let message = takeMessage(client); message; message = takeMessage(client)) {
    if (message.length === 0) continue;
    if (message[0] === terminate && client.started) {
      client.socket.end();
      break;
    }
    client.gathered.push(message);
    const startup = !client.started;
    client.started = true;
    if (startup) client.role = /-c role=([a-z_]+)\0/.exec(message.toString('latin1'))?.[1] ?? '';
    if (startup || message[0] === query || message[0] === sync) {
      units.push(client.gathered);
      client.gathered = [];
    }
  }
  return units;
}

/** The next whole message, an empty one for what is answered here, or undefined when more must come. */
function takeMessage(client: Client): Buffer | undefined {
  const { received, started } = client;
  const head = started ? 1 : 0;
  if (received.length < head + 4) return undefined;
  const length = head + received.readInt32BE(head);
  if (received.length < length) return undefined;
  const message = received.subarray(0, length);
  client.received = received.subarray(length);
  if (started || length < 8) return message;
  const request = message.readInt32BE(4);
  if (request === sslRequest) client.socket.write('N');
  return request === sslRequest || request === cancelRequest ? Buffer.alloc(0) : message;
}

/** Runs one unit and sends its answer; returns the transaction status of the one ReadyForQuery at its end. */
async function runUnit(engine: Engine, { client, messages }: Unit): Promise<number> {
  let status = idle;
  let failed = false;
  for (const message of messages) {
    if (failed && message[0] !== sync) continue;
    const answer = answerReader(client.socket);
    await onStack(engine, () => engine.execProtocolRawStream(message, { onRawData: (bytes) => answer.take(bytes) }));
    failed ||= answer.failed();
    status = answer.status() ?? status;
  }
  if (!client.socket.destroyed) client.socket.write(Buffer.from([readyForQuery, 0, 0, 0, 5, status]));
  return status;
}

/** Passes an answer on as it comes, keeping its ReadyForQuery messages back. */
function answerReader(socket: Socket): { take(bytes: Uint8Array): void; failed(): boolean; status(): number | undefined } {
  let rest = Buffer.alloc(0);
  let failed = false;
  let status: number | undefined;
  function take(bytes: Uint8Array): void {
    // PGlite may use its memory again once this returns, so what is kept or sent is a copy.
    const data = rest.length ? Buffer.concat([rest, bytes]) : Buffer.from(bytes);
    const passed: Buffer[] = [];
    let at = 0;
    while (data.length >= at + 5) {
      const end = at + 1 + data.readInt32BE(at + 1);
      if (data.length < end) break;
      if (data[at] === readyForQuery) status = data[at + 5];
      else passed.push(data.subarray(at, end));
      failed ||= data[at] === errorResponse;
      at = end;
    }
    rest = data.subarray(at);
    if (passed.length > 0 && !socket.destroyed) socket.write(passed.length === 1 ? passed[0]! : Buffer.concat(passed));
  }
  return { take, failed: () => failed, status: () => status };
}
