/** Bundles the screens at start and serves them from memory: hashed files, and one page that names them. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { Router, type RequestHandler, type Response } from 'express';
import { bundlePhone, type PhoneBundle } from './clientPhone.ts';

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

/** What was bundled: files by address, and the addresses the page needs. */
export interface ClientBundle {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly indexHtml: string;
  /** The wardens' page, which works without a connection. */
  readonly phone: PhoneBundle;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const compress = promisify(gzip);

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml', png: 'image/png', json: 'application/json',
};

/**
 * govuk-frontend's stylesheet without what belongs to GOV.UK alone: its typeface, its crest, and its large body text,
 * which leaves too little room on screens for daily work.
 */
const neutralGovuk: Plugin = {
  name: 'neutral-govuk',
  setup(builder) {
    builder.onLoad({ filter: /govuk-frontend\.min\.css$/ }, async ({ path }) => ({ loader: 'css', contents: neutralCss(await readFile(path, 'utf8')) }));
  },
};

/** zod carries its messages in fifty languages; screens need the English ones. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(builder) {
    builder.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export { default as en } from "./en.js";' }));
  },
};

export function neutralCss(css: string): string {
  return css
    .replace(/@font-face\{[^}]*\}/g, '')
    .replace(/font-family:GDS Transport,arial,sans-serif/g, 'font-family:var(--font)')
    .replace(/font-family:sans-serif/g, 'font-family:var(--font)')
    .replace(/url\(\/assets\/images\/govuk-crest\.svg\)/g, 'none')
    .replace(/font-size:1\.1875rem/g, 'font-size:1rem');
}

/** zod tries `new Function` unless told not to, and the Content-Security-Policy would report it. */
const banner = { js: '(globalThis.__zod_globalConfig??={}).jitless=true;' };

/** Bundles client/ into memory; throws what esbuild says when a file does not compile. */
export async function bundleClient(): Promise<ClientBundle> {
  const built = await build({
    absWorkingDir: root,
    entryPoints: { main: 'client/main.ts', style: 'client/styles/main.css', icon: 'client/assets/icon.svg' },
    bundle: true, splitting: true, minify: true, metafile: true, write: false,
    format: 'esm', target: 'es2022', outdir: 'assets', publicPath: '/assets', logLevel: 'silent',
    entryNames: '[name]-[hash]', chunkNames: 'part-[hash]', assetNames: '[name]-[hash]',
    loader: { '.svg': 'copy', '.png': 'file' },
    banner, plugins: [neutralGovuk, englishOnly],
  });
  const phone = await bundlePhone(root, { banner, plugins: [englishOnly] });
  const assets = new Map<string, Asset>();
  const made = built.outputFiles.map((file): [string, Buffer] => [file.path.slice(file.path.lastIndexOf('/') + 1), Buffer.from(file.contents)]);
  for (const [name, body] of [...made, ...phone.files]) {
    assets.set(name, { type: types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream', body, gzipped: await compress(body) });
  }
  return { assets, indexHtml: indexHtml(made.map(([name]) => name)), phone };
}

/** The one page: no inline script or style, so that the Content-Security-Policy needs no exception. */
function indexHtml(names: readonly string[]): string {
  const address = (start: string, end: string): string => `/assets/${names.find((name) => name.startsWith(start) && name.endsWith(end)) ?? ''}`;
  return `<!doctype html>
<html lang="en-GB" class="govuk-template">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#ffffff">
<title>Hotspot Patrols</title>
<link rel="icon" href="${address('icon-', '.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${address('style-', '.css')}">
<script type="module" src="${address('main-', '.js')}"></script>
</head>
<body class="govuk-template__body">
<a href="#main" class="govuk-skip-link">Skip to main content</a>
<div id="top"></div>
<main id="main" class="main" tabindex="-1"><noscript><p class="noscript">This service needs JavaScript. Turn it on in the browser's settings and reload the page.</p></noscript></main>
<div id="bottom"></div>
</body>
</html>
`;
}

function sendAsset(response: Response, asset: Asset, takesGzip: boolean): void {
  response.set({ 'Content-Type': asset.type, 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' });
  if (takesGzip) response.set('Content-Encoding', 'gzip').send(asset.gzipped);
  else response.send(asset.body);
}

export interface ClientOptions {
  /** True bundles anew at each opening of the page, so that a changed screen shows after a reload. */
  readonly rebuild?: boolean;
}

/** The screens as one request handler: `createApp({ …, client: await clientRoutes() })`. Stands after the API. */
export async function clientRoutes(options: ClientOptions = {}): Promise<RequestHandler> {
  let bundle = await bundleClient();
  const router = Router();
  router.get('/assets/:name', (request, response, next) => {
    const asset = bundle.assets.get(request.params.name);
    if (!asset) return next();
    sendAsset(response, asset, /\bgzip\b/.test(request.get('accept-encoding') ?? ''));
  });
  const unchanged = (response: Response, type: string, body: string): void => void response.set('Cache-Control', 'no-cache').type(type).send(body);
  router.get('/phone', async (_request, response) => {
    if (options.rebuild) bundle = await bundleClient();
    unchanged(response, 'html', bundle.phone.html);
  });
  router.get('/phone-worker.js', (_request, response) => unchanged(response, 'text/javascript', bundle.phone.worker));
  router.get('/phone.webmanifest', (_request, response) => unchanged(response, 'application/manifest+json', bundle.phone.manifest));
  router.get('/{*path}', async (request, response, next) => {
    if (/^\/(api|assets)(\/|$)/.test(request.path)) return next();
    if (options.rebuild) bundle = await bundleClient();
    response.set('Cache-Control', 'no-cache').type('html').send(bundle.indexHtml);
  });
  return router;
}
