import { describe, expect, test } from 'vitest';
import { kindOf, labelOf } from '../../server/documents/fileKind.ts';

const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const pdf = bytes('%PDF-1.7\n1 0 obj\n', 'trailer\n%%EOF\n');
const png = bytes('\x89PNG\r\n\x1a\n', 'pixels', 'IEND', [0xae, 0x42, 0x60, 0x82]);
const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0], 'pixels', [0xff, 0xd9]);
const workbook = ['[Content_Types].xml', 'xl/workbook.xml', 'xl/worksheets/sheet1.xml'];

describe('what a document is', () => {
  test.each([
    ['a PDF', pdf, undefined, 'pdf'],
    ['a PNG', png, undefined, 'png'],
    ['a JPEG', jpeg, undefined, 'jpg'],
    ['a workbook', bytes('PK\x03\x04'), workbook, 'xlsx'],
    ['a letter', bytes('PK\x03\x04'), ['[Content_Types].xml', 'word/document.xml'], 'docx'],
    ['a text', Buffer.from('Hire of two vans, £480.00\r\n'), undefined, 'txt'],
  ])('%s', (_name, content, archive, extension) => {
    expect(kindOf(content, archive)).toMatchObject({ extension });
  });

  test.each([
    ['a PDF cut off', pdf.subarray(0, 20), undefined, 'The PDF is cut off before its end. Save it again.'],
    ['a PNG with something behind it', Buffer.concat([png, Buffer.from('more')]), undefined, 'The PNG is cut off, or something stands behind it. Save it again.'],
    ['a JPEG with something behind it', Buffer.concat([jpeg, Buffer.from('<script>')]), undefined, 'The JPEG is cut off, or something stands behind it. Save it again.'],
    ['a PDF with an archive behind it', bytes('%PDF-1.7\n%%EOF\n', 'PK\x05\x06'), undefined, 'There is an archive behind the PDF. Save the document again by itself.'],
    ['a workbook with macros', bytes('PK\x03\x04'), [...workbook, 'xl/vbaProject.bin'], 'The document holds macros or embedded programs. Save it as .xlsx or .docx without them.'],
    ['an archive cut off', bytes('PK\x03\x04'), undefined, 'The archive is cut off or damaged. Save the document again.'],
  ])('%s is refused', (_name, content, archive, says) => {
    expect(kindOf(content, archive)).toBe(says);
  });

  test.each([
    ['a page', Buffer.from('  <!DOCTYPE html><script>1</script>')], ['a drawing', Buffer.from('<svg onload="1"/>')], ['a program', bytes('\x7fELF\x02\x01\x01', [0, 0])],
    ['an old workbook', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')], ['any archive', bytes('PK\x03\x04')], ['text of another code', bytes([0xe9, 0x74, 0xe9])],
  ])('%s is refused with what is kept instead', (name, content) => {
    expect(kindOf(content, name === 'any archive' ? ['a.txt'] : undefined)).toMatch(/Send a PDF, a PNG or JPEG picture/);
  });

  test.each([
    ['../../../etc/passwd', 'pdf', 'passwd.pdf'], ['C:\\Users\\x\\invoice.PDF', 'pdf', 'invoice.pdf'], ['invoice.exe', 'pdf', 'invoice.pdf'],
    ['log.csv', 'txt', 'log.csv'], ['a\r\nSet-Cookie: b', 'txt', 'a  Set-Cookie  b.txt'], ['.pdf', 'pdf', 'document.pdf'], ['Rechnung März.pdf', 'pdf', 'Rechnung März.pdf'],
  ])('the name %j is the label of a %s', (name, extension, label) => {
    expect(labelOf(name, { mediaType: 'x', extension })).toBe(label);
  });
});
