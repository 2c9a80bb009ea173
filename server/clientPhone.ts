/** The phone page's own small bundle: one script, one stylesheet, its icons, its manifest, and the service worker that keeps them on the phone. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { build, type BuildOptions, type Plugin } from 'esbuild';

export interface PhoneBundle {
  /** By name under /assets. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly html: string;
  readonly manifest: string;
  readonly worker: string;
}

const icons = [['phone-192.png', '192x192', 'any'], ['phone-512.png', '512x512', 'any'], ['phone-maskable-512.png', '512x512', 'maskable']] as const;

/** Bundles client/phone into memory; `shared` is what both bundles are built with. */
export async function bundlePhone(root: string, shared: { readonly plugins: Plugin[]; readonly banner: { js: string } }): Promise<PhoneBundle> {
  const options: BuildOptions = { absWorkingDir: root, bundle: true, minify: true, write: false, target: 'es2022', logLevel: 'silent', ...shared };
  const built = await build({
    ...options, write: false, entryPoints: { phone: 'client/phone/main.ts', 'phone-style': 'client/styles/phone.css' }, format: 'esm', outdir: 'assets', entryNames: '[name]-[hash]',
  });
  const files = new Map(built.outputFiles.map((file) => [file.path.slice(file.path.lastIndexOf('/') + 1), Buffer.from(file.contents)] as const));
  for (const [name] of icons) files.set(hashed(name, await readFile(`${root}client/assets/${name}`)), await readFile(`${root}client/assets/${name}`));
  const names = [...files.keys()];
  const html = page(names);
  const manifest = JSON.stringify(manifestOf(names));
  const version = createHash('sha256').update(html).update(manifest).digest('hex').slice(0, 16);
  const worker = await build({
    ...options, write: false, entryPoints: ['client/phone/worker.ts'], format: 'iife',
    define: { phoneFiles: JSON.stringify(['/phone.webmanifest', ...names.map((name) => `/assets/${name}`)]), phoneVersion: JSON.stringify(version) },
  });
  return { files, html, manifest, worker: worker.outputFiles[0]?.text ?? '' };
}

const hashed = (name: string, content: Buffer): string => name.replace('.', `-${createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase()}.`);

function address(names: readonly string[], start: string, end: string): string {
  return `/assets/${names.find((name) => name.startsWith(start) && name.endsWith(end)) ?? ''}`;
}

function manifestOf(names: readonly string[]): object {
  return {
    id: '/phone', name: 'Hotspot Patrols', short_name: 'Patrols', description: 'Record patrol visits, also without a connection', lang: 'en-GB',
    start_url: '/phone', scope: '/phone', display: 'standalone', orientation: 'portrait', background_color: '#ffffff', theme_color: '#07211e',
    icons: icons.map(([name, sizes, purpose]) => ({ src: address(names, name.replace('.png', '-'), '.png'), sizes, type: 'image/png', purpose })),
  };
}

/** A page without the rest of the service around it; nothing inline, like the other one. */
function page(names: readonly string[]): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#07211e">
<meta name="mobile-web-app-capable" content="yes">
<title>Patrol – Hotspot Patrols</title>
<link rel="manifest" href="/phone.webmanifest">
<link rel="icon" href="${address(names, 'phone-192-', '.png')}" type="image/png">
<link rel="apple-touch-icon" href="${address(names, 'phone-192-', '.png')}">
<link rel="stylesheet" href="${address(names, 'phone-style-', '.css')}">
<script type="module" src="${names.filter((name) => /^phone-[A-Z0-9]{8}\.js$/.test(name)).map((name) => `/assets/${name}`)[0] ?? ''}"></script>
</head>
<body>
<div id="phone"><noscript><p>This page needs JavaScript. Turn it on in the browser's settings and reload the page.</p></noscript></div>
</body>
</html>
`;
}
