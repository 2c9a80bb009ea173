/** The walls of the house, in English sentences: each holds over every file, and each is seen broken once. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { permissions } from '../server/permissions.ts';
import { rules, type SourceFile } from './support/architecture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['geo', 'server', 'client', 'migrations', 'tests'];
const selfDescribing = ['tests/support/architecture.ts', 'tests/architecture.test.ts'];

function filesUnder(folder: string): string[] {
  return readdirSync(`${root}${folder}`).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(root + path).isDirectory()) return filesUnder(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

const files: SourceFile[] = folders.flatMap(filesUnder).filter((path) => !selfDescribing.includes(path)).map((path) => ({ path, text: readFileSync(root + path, 'utf8') }));

describe('the walls', () => {
  test('there is a house to look at', () => {
    for (const folder of folders) expect(files.some((file) => file.path.startsWith(`${folder}/`)), folder).toBe(true);
  });

  for (const rule of rules) {
    test(rule.says, () => {
      expect(files.flatMap(rule.check)).toEqual([]);
    });
    test(`seen broken: ${rule.says}`, () => {
      expect(rule.check(rule.broken)).not.toEqual([]);
    });
  }
});

describe('what is committed', () => {
  test('the lock file carries no download address', () => {
    expect(readFileSync(`${root}package-lock.json`, 'utf8')).not.toMatch(/"resolved": "http/);
  });

  test('no file names a folder of one machine', () => {
    const machine = /(?<![.\w])\/(?:work|root|home)\/[a-z]/;
    expect(files.filter((file) => machine.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  test('every permission is used by a contract or is the sign-in’s own', () => {
    const used = files.filter((file) => /[cC]ontract\.ts$/.test(file.path)).map((file) => file.text).join('\n');
    const unused = Object.keys(permissions).filter((name) => !used.includes(`allow: '${name}'`));
    expect(unused).toEqual([]);
  });
});
