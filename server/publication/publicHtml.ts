/** HTML written on the server, for pages that work without script. Text is escaped where it enters; only `html` makes markup. Pure. */

/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | readonly Part[];

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** `html\`<p>${text}</p>\``: everything put in is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((made, text, nth) => made + text + (nth < parts.length ? written(parts[nth] ?? '') : ''), '') };
}

function written(part: Part): string {
  if (typeof part === 'object' && 'markup' in part) return part.markup;
  if (typeof part === 'object') return part.map(written).join('');
  return String(part).replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
}

/** A table under its caption, scrolled sideways by hand or keyboard where the window is narrow. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly (string | number)[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--s">${caption}</caption>
<thead class="govuk-table__head"><tr class="govuk-table__row">${heads.map((head, nth) => html`<th scope="col" class="govuk-table__header${nth > 0 ? ' govuk-table__header--numeric' : ''}">${head}</th>`)}</tr></thead>
<tbody class="govuk-table__body">${rows.map(([name = '', ...cells]) => html`<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">${name}</th>${cells.map((cell) => html`<td class="govuk-table__cell govuk-table__cell--numeric">${cell}</td>`)}</tr>
`)}</tbody></table></div>`;
}

export interface Layout {
  readonly title: string;
  readonly publisher: string;
  readonly licence: string;
  readonly demonstration: boolean;
  /** The address of the page, so that its own link says so. */
  readonly path: string;
}

const links = [['/public', 'What is being done'], ['/public/easy-read', 'Easy read'], ['/public/files', 'Files']] as const;

/** A whole page: no script, no style but the service's own file. */
export function page({ title, publisher, licence, demonstration, path }: Layout, body: Html): string {
  return html`<!doctype html>
<html lang="en-GB" class="govuk-template">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Hotspot patrols – ${publisher}</title>
<link rel="stylesheet" href="/public/style.css">
</head>
<body class="govuk-template__body">
<a href="#main" class="govuk-skip-link">Skip to main content</a>
<header class="top"><div class="govuk-width-container"><p class="top__name"><a href="/public">Hotspot patrols</a></p><p class="top__publisher">${publisher}</p></div></header>
<div class="govuk-width-container"><nav aria-label="Pages"><ul class="pages">${links.map(([address, name]) => html`<li><a class="govuk-link" href="${address}"${address === path ? html` aria-current="page"` : ''}>${name}</a></li>`)}</ul></nav>
<main id="main" class="govuk-main-wrapper" tabindex="-1">${demonstration ? html`<p class="mark"><strong>Demonstration:</strong> every figure here is invented.</p>` : ''}
${body}</main></div>
<footer class="foot"><div class="govuk-width-container"><p class="govuk-body-s">${licence}</p><p class="govuk-body-s">No information about individual people is held or shown. <a class="govuk-link" href="/sign-in">Sign in</a> (staff of the office, the councils and the police)</p></div></footer>
</body>
</html>
`.markup;
}
