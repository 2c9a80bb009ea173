/** The table of contents of the service: one line a concern. */
import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Sessions } from './auth.ts';
import type { Endpoint } from './endpoint.ts';
import { claimRoutes } from './claims/routes.ts';
import { AppError, toProblem } from './errors.ts';
import { hotspotsRoutes } from './hotspots/routes.ts';
import { changesRoutes } from './changes/routes.ts';
import { insightRoutes } from './insight/routes.ts';
import { type Deps, mounter, requestId } from './mount.ts';
import { openapi } from './openapi.ts';
import { qualityRoutes } from './incidents/qualityRoutes.ts';
import { incidentRoutes } from './incidents/routes.ts';
import { documentRoutes } from './documents/routes.ts';
import { grantRoutes } from './grants/routes.ts';
import { closureRoutes } from './closure/routes.ts';
import { hoursRoutes } from './claims/hoursRoutes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { patrolRoutes } from './patrols/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { placeRoutes } from './places/routes.ts';
import { roundRoutes } from './rounds/routes.ts';
import { trackRoutes } from './recording/trackRoutes.ts';
import { recordingRoutes } from './recording/routes.ts';
import { reallocationRoutes } from './reallocations/routes.ts';
import { actionsRoutes } from './evaluation/actionsRoutes.ts';
import { evaluationRoutes } from './evaluation/routes.ts';
import { publicAnswers } from './publication/publicWork.ts';
import { publicationRoutes } from './publication/routes.ts';
import { publicStyle } from './publicStyle.ts';
import { publishedTableRoutes } from './returns/publishedTablesRoutes.ts';
import { collectRoutes } from './returns/collectRoutes.ts';
import { consolidateRoutes } from './returns/consolidateRoutes.ts';
import { reminderRoutes } from './returns/reminderRoutes.ts';
import { uploadRoutes } from './returns/uploadRoutes.ts';
import { returnRoutes } from './returns/routes.ts';
import { rotaRoutes } from './rota/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { termsRoutes } from './terms/routes.ts';
import { deliveryRoutes } from './delivery/routes.ts';
import { firstPageRoutes } from './forecast/firstPageRoutes.ts';
import { forecastRoutes } from './forecast/routes.ts';
import { trailRoutes } from './trail/routes.ts';
import { workRoutes } from './work/routes.ts';

export interface AppOptions extends Deps {
  readonly log: Logger;
  readonly sessions: Sessions;
  readonly version: string;
  /** Serves the screens; left out where only the API is wanted. */
  readonly client?: RequestHandler;
}

export function createApp(options: AppOptions): { app: Express; endpoints: readonly Endpoint[] } {
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple').set('trust proxy', options.config.trustProxy);
  app.use(identify(options.log));
  app.use(security(options));
  app.get('/ping', (_request, response) => void response.type('text').send('pong'));
  app.get('/health', health(options));
  app.get('/info', (_request, response) => void response.json({ name: 'Hotspot Patrols', version: options.version, demonstration: options.config.demonstration, tiles: options.config.tiles }));
  app.get('/.well-known/security.txt', securityText(options));
  app.use('/api', refuseForeignOrigin(options));
  // Where anybody may knock, little is read.
  app.use(['/api/session', '/api/invitations'], express.json({ limit: '16kb' }));
  app.use('/api', express.json({ limit: '1mb' }), options.sessions.middleware);

  const { mount, mounted } = mounter(app, options);
  settingsRoutes(mount);
  peopleRoutes(mount);
  workRoutes(mount);
  trailRoutes(mount);
  placeRoutes(mount);
  incidentRoutes(mount);
  qualityRoutes(mount);
  hotspotsRoutes(mount);
  insightRoutes(mount);
  changesRoutes(mount);
  patrolRoutes(mount);
  rotaRoutes(mount);
  roundRoutes(mount);
  trackRoutes(mount);
  recordingRoutes(mount);
  grantRoutes(mount);
  documentRoutes(mount);
  ledgerRoutes(mount);
  termsRoutes(mount);
  claimRoutes(mount);
  hoursRoutes(mount);
  closureRoutes(mount);
  forecastRoutes(mount);
  firstPageRoutes(mount);
  deliveryRoutes(mount);
  reallocationRoutes(mount);
  returnRoutes(mount);
  collectRoutes(mount);
  consolidateRoutes(mount);
  uploadRoutes(mount);
  reminderRoutes(mount);
  publishedTableRoutes(mount);
  evaluationRoutes(mount);
  actionsRoutes(mount);
  publicationRoutes(mount);

  const described = JSON.stringify(openapi(mounted, options.version));
  app.get('/api/openapi.json', (_request, response) => void response.type('json').send(described));
  app.use('/api', (_request, _response, next) => next(new AppError(404, 'no_such_endpoint', 'There is no such address in the API. See /api/openapi.json.')));
  publicPages(app, options);
  if (options.client) app.use(options.client);
  app.use((_request, _response, next) => next(new AppError(404, 'no_such_address', 'There is nothing at this address. Check it, or start from the first page.')));
  app.use(failed(options.log));
  return { app, endpoints: mounted };
}

function identify(log: Logger): RequestHandler {
  return (request, response, next) => {
    response.locals['requestId'] = randomUUID();
    const started = performance.now();
    response.on('finish', () => {
      log.info({ requestId: response.locals['requestId'], method: request.method, route: routeOf(request), status: response.statusCode, ms: Math.round(performance.now() - started) });
    });
    next();
  };
}

/** The route, not the address: an address may hold whatever somebody typed. */
const routeOf = (request: Request): string => (request.route as { path?: string } | undefined)?.path ?? 'none';

/** What anybody may read without signing in and without script. */
function publicPages(app: Express, { db, now }: AppOptions): void {
  const answers = publicAnswers(db, now);
  let style: Promise<string> | undefined;
  app.get('/public/style.css', async (_request, response) => void response.type('css').set('Cache-Control', 'public, max-age=3600').send(await (style ??= publicStyle())));
  app.get('/public{/*path}', async (request, response) => {
    const { status, type, body, fileName } = await answers(request.path.slice('/public'.length));
    if (fileName) response.attachment(fileName);
    response.status(status).set('Cache-Control', 'public, max-age=15').type(type).send(body);
  });
}

/** Nothing inline, nothing from elsewhere but the map's tiles. */
function security({ config }: AppOptions): RequestHandler {
  const tiles = config.tiles ? [new URL(config.tiles.url.replace(/[{}]/g, '')).origin] : [];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...tiles], connectSrc: ["'self'"], manifestSrc: ["'self'"], workerSrc: ["'self'"],
        formAction: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: config.production,
    xFrameOptions: { action: 'deny' },
    // OpenStreetMap's tile servers ask for the address of the site that uses them.
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  });
}

/** Asks the database once a second at most: anybody may call this, as often as they like. */
function health({ db }: AppOptions): RequestHandler {
  let asked = { at: Number.NEGATIVE_INFINITY, answer: Promise.resolve<unknown>(undefined) };
  return async (_request, response) => {
    if (performance.now() - asked.at > 1000) asked = { at: performance.now(), answer: db.raw('select 1').then() };
    await asked.answer;
    response.json({ status: 'UP' });
  };
}

/**
 * A change asked for by another site's page is refused before it is read. In production the site is the public address; elsewhere
 * it may be reached by more names than one.
 */
function refuseForeignOrigin({ config }: AppOptions): RequestHandler {
  return (request, _response, next) => {
    const origin = request.get('origin');
    const own = config.production ? config.publicAddress : `${request.protocol}://${request.get('host')}`;
    const foreign = (origin !== undefined && origin !== own) || ['cross-site', 'same-site'].includes(request.get('sec-fetch-site') ?? '');
    const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
    next(changes && foreign ? new AppError(403, 'foreign_origin', 'This change was asked for by another site. Open the service itself and try again.') : undefined);
  };
}

/** Where to tell of a fault of security (RFC 9116). */
function securityText({ config, now }: AppOptions): RequestHandler {
  const days = 180;
  return (_request, response) => {
    const expires = new Date(now().getTime() + days * 86_400_000).toISOString();
    const canonical = `${config.publicAddress}/.well-known/security.txt`;
    response.type('text').send(`Contact: ${config.securityContact}\nExpires: ${expires}\nPreferred-Languages: en\nCanonical: ${canonical}\n`);
  };
}

function failed(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error, requestId(request));
    if (problem.status >= 500) log.error({ err: error, requestId: problem.requestId, method: request.method, route: routeOf(request) }, 'a request failed');
    if (response.headersSent) return next(error);
    const wait = error instanceof AppError ? error.retryAfter : undefined;
    if (wait !== undefined) response.set('Retry-After', String(wait));
    response.set('Cache-Control', 'no-store').status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}
