/** The stylesheet of the public pages: govuk-frontend without what belongs to GOV.UK alone, and a few rules of our own. */
import { readFile } from 'node:fs/promises';
import { neutralCss } from './client.ts';

/** Read once, when somebody first asks. */
export async function publicStyle(): Promise<string> {
  const govuk = await readFile(new URL(import.meta.resolve('govuk-frontend/dist/govuk/govuk-frontend.min.css')), 'utf8');
  const tokens = await readFile(new URL('../client/styles/tokens.css', import.meta.url), 'utf8');
  return `${neutralCss(govuk)}\n${tokens}\n${own}`;
}

const own = `
body{font-family:var(--font);overflow-wrap:anywhere}
.scroll table{overflow-wrap:normal}
li a{display:inline-block;min-height:24px;padding:2px 0}
.top{background:var(--accent-dark);color:#fff;padding:12px 0}
.top p{margin:0;font-family:var(--font)}
.top__name{font-size:1.375rem;font-weight:700}
.top__name a{color:#fff;text-decoration:none}
.top__name a:hover{text-decoration:underline}
.top__name a:focus{color:#0b0c0c}
.pages{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:12px 0 0;padding:0;font-family:var(--font)}
.pages a{display:inline-block;padding:4px 0}
.pages a[aria-current]{font-weight:700;text-decoration-thickness:3px}
.mark{border-left:5px solid var(--warning);margin:0 0 20px;padding:8px 12px;background:var(--warning-wash);font-family:var(--font)}
.scroll{overflow-x:auto;margin-bottom:24px}
.scroll:focus-visible{outline:3px solid var(--accent-dark);outline-offset:2px}
.easy{font-size:1.375rem;line-height:1.7;max-width:34em}
.easy li{margin-bottom:10px}
.foot{border-top:1px solid var(--line);margin-top:40px;padding:20px 0;background:var(--wash)}
@media print{.top{color:#000;background:none}.pages,.govuk-skip-link{display:none}}
`;
