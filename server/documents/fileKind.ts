/** What a document is, told from its bytes from the first to the last: its name is not believed, and a file that is two things is refused. Pure. */
import { Buffer } from 'node:buffer';

export interface FileKind {
  readonly mediaType: string;
  readonly extension: string;
}

/** Names in an archive, as its directory lists them; undefined when it is none. */
export type Archive = readonly string[] | undefined;

const accepted = 'Send a PDF, a PNG or JPEG picture, a plain text or CSV file, or a workbook or letter saved as .xlsx or .docx.';

/** The kind of a whole file, or the sentence for why it is refused. */
export function kindOf(content: Buffer, archive: Archive): FileKind | string {
  const head = content.subarray(0, 8).toString('latin1');
  if (head.startsWith('PK')) return officeKind(archive);
  if (head.startsWith('\xd0\xcf\x11\xe0')) return `The file is in the old Office format, which may hold macros. ${accepted}`;
  const kind = plainKind(content, head);
  if (typeof kind === 'string') return kind;
  // The end of an archive behind something else: opened by another program, it would be another file.
  return endsAsArchive(content) ? `There is an archive behind the ${kind.extension.toUpperCase()}. Save the document again by itself.` : kind;
}

/** Where an archive's directory ends, it says so within the last 65,557 bytes. */
const endsAsArchive = (content: Buffer): boolean => content.subarray(-65_557).includes('PK\x05\x06', 0, 'latin1');

function plainKind(content: Buffer, head: string): FileKind | string {
  if (head.startsWith('%PDF-')) {
    return content.subarray(-2048).includes('%%EOF') ? { mediaType: 'application/pdf', extension: 'pdf' } : 'The PDF is cut off before its end. Save it again.';
  }
  if (head.startsWith('\x89PNG\r\n\x1a\n')) {
    return content.subarray(-8, -4).toString('latin1') === 'IEND' ? { mediaType: 'image/png', extension: 'png' } : 'The PNG is cut off, or something stands behind it. Save it again.';
  }
  if (head.startsWith('\xff\xd8\xff')) {
    return content.at(-2) === 0xff && content.at(-1) === 0xd9 ? { mediaType: 'image/jpeg', extension: 'jpg' } : 'The JPEG is cut off, or something stands behind it. Save it again.';
  }
  return textKind(content);
}

function textKind(content: Buffer): FileKind | string {
  if (!isText(content)) return `The file is of a kind that is not kept. ${accepted}`;
  const start = content.subarray(0, 1024).toString('utf8').trimStart().toLowerCase();
  if (/^<(!doctype|html|svg|script|\?xml)/.test(start)) return `The file is a page or a drawing that a browser would run. ${accepted}`;
  return { mediaType: 'text/plain', extension: 'txt' };
}

function isText(content: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return !/\p{Cc}/u.test(text.replace(/[\t\r\n\f]/g, ''));
  } catch {
    return false;
  }
}

const office: readonly (readonly [folder: string, kind: FileKind])[] = [
  ['xl/workbook.xml', { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx' }],
  ['word/document.xml', { mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extension: 'docx' }],
];

function officeKind(archive: Archive): FileKind | string {
  if (!archive) return 'The archive is cut off or damaged. Save the document again.';
  if (archive.some((name) => /vbaProject|\.bin$/i.test(name))) return 'The document holds macros or embedded programs. Save it as .xlsx or .docx without them.';
  const found = office.find(([part]) => archive.includes(part));
  return found && archive.includes('[Content_Types].xml') ? found[1] : `The file is an archive, not a document. ${accepted}`;
}

/** A file's name as a label: no folders, no control characters, and the ending its content has. */
export function labelOf(fileName: string, kind: FileKind): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/[\p{Cc}<>:"|?*]/gu, ' ').trim();
  const stem = base.replace(/\.[A-Za-z0-9]{1,5}$/, '').slice(0, 120) || 'document';
  const csv = kind.extension === 'txt' && /\.csv$/i.test(base);
  return `${stem}.${csv ? 'csv' : kind.extension}`;
}
