/** The tags of an XML part with where each stands, so that a part is changed at one place and stays as it is at every other. Pure. */

export interface Tag {
  /** Without its prefix. */
  readonly name: string;
  /** `x:` in `<x:row>`, mostly nothing. */
  readonly prefix: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: string;
  readonly start: number;
  readonly end: number;
}

const tag = /<(?:!--[\s\S]*?-->|!\[CDATA\[[\s\S]*?\]\]>|\?[\s\S]*?\?>|![^>]*>|(\/?)((?:[\w.-]+:)?)([\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>)/g;

/** Every element's tag in order; comments, instructions and character data are passed over. */
export function* tagsOf(xml: string): Generator<Tag> {
  for (const found of xml.matchAll(tag)) {
    const [whole, closing, prefix = '', name, attributes = '', empty] = found;
    if (name === undefined) continue;
    yield { name, prefix, kind: closing ? 'close' : empty ? 'empty' : 'open', attributes, start: found.index, end: found.index + whole.length };
  }
}

/** The value of an attribute by its name, prefix and all; undefined where there is none. */
export function attribute({ attributes }: Pick<Tag, 'attributes'>, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return found ? decodeXml(found[1] ?? found[2] ?? '') : undefined;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Entities as the characters they stand for; what is none stays. */
export function decodeXml(text: string): string {
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name) return entities[name] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** Text as it may stand in XML: what XML has no place for is taken out. */
export function escapeXml(text: string): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(/\p{Cc}|\p{Surrogate}|\p{Noncharacter_Code_Point}/gu, (found) => ('\t\n'.includes(found) ? found : ''));
  return clean.replace(/[&<>"]/g, (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found] ?? found);
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with some stretches exchanged; edits at one place stand in the order given. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}
