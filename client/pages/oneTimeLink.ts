/** A one-time link shown once, to be copied and handed over. */
import { clockTime } from '../format.ts';
import { button } from '../frame.ts';
import { html, nothing, uniqueId, type Content } from '../html.ts';
import { note } from '../states.ts';

export interface MadeLink {
  link: string;
  expiresAt: string;
  /** Whom it is for. */
  name: string;
}

/** Keeps the link until the page is left; nothing else keeps it. */
export function createLinkBox(redraw: () => void): { view: () => Content; show: (made: MadeLink) => void } {
  const id = uniqueId('link');
  let made: MadeLink | undefined;
  let said = '';
  const copy = async (link: string): Promise<void> => {
    said = await copied(link, id);
    redraw();
  };
  return {
    show: (next) => {
      made = next;
      said = '';
      redraw();
      document.getElementById(id)?.focus();
    },
    view: () => (made ? linkView(made, { id, said, copy }) : nothing),
  };
}

/** Browsers give the clipboard to secure addresses only; elsewhere the link is marked for the keyboard. */
async function copied(link: string, id: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(link);
    return 'Copied.';
  } catch {
    const input = document.getElementById(id);
    if (input instanceof HTMLInputElement) input.select();
    return 'The browser does not let this page copy. The link is marked: press Ctrl and C.';
  }
}

function linkView({ name, link, expiresAt }: MadeLink, { id, said, copy }: { id: string; said: string; copy: (link: string) => Promise<void> }): Content {
  return note('good', html`<p>Give this link to <strong>${name}</strong> by a way you trust. It works once, until ${clockTime(expiresAt)}, and is not shown again.</p>
    <div class="linkbox"><label class="govuk-label" for=${id}>One-time link</label>
      <div class="linkbox__row"><input class="govuk-input linkbox__input" id=${id} readonly .value=${link} aria-describedby="${id}-said">${button('Copy link', () => void copy(link))}</div>
      <p class="linkbox__said" id="${id}-said" role="status">${said}</p></div>`);
}
