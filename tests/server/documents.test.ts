/** Evidence: kept by content, fenced like its agreement, read with a trace, withdrawn and never removed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liftLimits } from '../support/attack.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';
import type { Client } from '../support/walk.ts';
import { zipOf } from '../support/zip.ts';

const pdf = Buffer.from('%PDF-1.7\n1 0 obj\ntrailer\n%%EOF\n');
let service: TestService;
let finance: Client;
let agreementId: string;
beforeAll(async () => {
  service = await startDemonstrationService();
  await liftLimits(service.database.db);
  finance = await service.client('finance@hartlepool.demo');
  agreementId = (await service.database.db('agreement').where({ council_code: 'E06000001' }).first()).id as string;
});
afterAll(() => service.close());

const add = (client: Client, given: { id?: string; documentId?: string; title?: string; fileName?: string; content?: Buffer } = {}) =>
  client.post(`/api/agreements/${given.id ?? agreementId}/documents`)
    .query({ documentId: given.documentId ?? randomUUID(), subjectKind: 'agreement', subjectId: agreementId, title: given.title ?? 'Signed agreement', fileName: given.fileName ?? 'agreement.pdf' })
    .set('Content-Type', 'application/octet-stream').send(given.content ?? pdf);

describe('a document', () => {
  test('comes back as it was sent, and both are in the trail', async () => {
    const { body } = await add(finance).expect(200);
    expect(body).toMatchObject({ title: 'Signed agreement', fileName: 'agreement.pdf', mediaType: 'application/pdf', bytes: 31, withdrawn: null });
    const file = await finance.get(`/api/documents/${body.id}`).buffer(true).parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
    }).expect(200);
    expect(file.body).toEqual(pdf);
    expect(file.headers).toMatchObject({ 'content-disposition': 'attachment; filename=agreement.pdf', 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' });
    const actions = await service.database.db('audit_event').where({ subject_id: agreementId }).whereIn('action', ['documentAdded', 'documentRead']).orderBy('id').select('action', 'council_code');
    // The demonstration’s own documents come before.
    expect(actions.slice(-2)).toEqual([{ action: 'documentAdded', council_code: 'E06000001' }, { action: 'documentRead', council_code: 'E06000001' }]);
  });

  test('sent twice under one id is kept once; other bytes under that id are refused', async () => {
    const documentId = randomUUID();
    const first = await add(finance, { documentId }).expect(200);
    expect((await add(finance, { documentId }).expect(200)).body).toEqual(first.body);
    expect((await add(finance, { documentId, content: Buffer.from('other') }).expect(409)).body.code).toBe('document_id_once');
    expect(await service.database.db('document').where({ id: documentId }).count('* as n').first()).toEqual({ n: 1 });
  });

  test('of another council is neither listed, added, read nor withdrawn', async () => {
    const { body } = await add(finance).expect(200);
    const other = await service.client('lead@stockton.demo');
    await other.get(`/api/agreements/${agreementId}/documents`).expect(404);
    await add(other).expect(404);
    await other.get(`/api/documents/${body.id}`).expect(404);
    await other.post(`/api/documents/${body.id}/withdrawal`).send({ reason: 'Not mine' }).expect(404);
  });

  test('is withdrawn once, with a reason, and still reads', async () => {
    const { body } = await add(finance).expect(200);
    const withdrawn = await finance.post(`/api/documents/${body.id}/withdrawal`).send({ reason: 'Wrong month' }).expect(200);
    expect(withdrawn.body.withdrawn.reason).toBe('Wrong month');
    expect((await finance.post(`/api/documents/${body.id}/withdrawal`).send({ reason: 'Again' }).expect(409)).body.code).toBe('document_withdrawn_once');
    await finance.get(`/api/documents/${body.id}`).expect(200);
    await expect(service.database.db('document').where({ id: body.id }).delete()).rejects.toMatchObject({ constraint: 'document_append_only' });
    await expect(service.database.db('document_content').where({ document_id: body.id }).update({ content: Buffer.from('x') })).rejects.toMatchObject({ constraint: 'document_content_append_only' });
  });

  test.each([
    ['empty', Buffer.alloc(0), 'The file is empty. Choose the file again.'],
    ['a PDF with an archive behind it', Buffer.concat([pdf, zipOf([{ name: 'evil.exe', content: 'x' }])]), 'There is an archive behind the PDF. Save the document again by itself.'],
    ['a workbook with macros', zipOf([{ name: '[Content_Types].xml', content: '<Types/>' }, { name: 'xl/workbook.xml', content: '<w/>' }, { name: 'xl/vbaProject.bin', content: 'x' }]), 'The document holds macros or embedded programs. Save it as .xlsx or .docx without them.'],
  ])('that is %s is refused in words', async (_name, content, says) => {
    const { body } = await add(finance, { content }).expect(422);
    expect(body.errors).toEqual([{ field: 'fileName', message: says }]);
  });

  test('over the largest size is refused, and a title that names a person too', async () => {
    expect((await add(finance, { content: Buffer.alloc(10 * 1024 * 1024 + 1, 'a') }).expect(413)).body.detail).toContain('larger than 10 MB');
    expect((await add(finance, { title: 'Payslip of Mr Smith' }).expect(422)).body.errors[0].field).toBe('title');
  });
});
