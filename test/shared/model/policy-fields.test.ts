// The documentation of the policy says what the schema says: the table in the README is held against it row by row.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingsOf } from '../../../coordinator/cli/settings.ts';
import { defaultPolicy } from '../../../shared/model/policy.ts';
import { policyFields } from '../../../shared/model/policy-fields.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

test('every field has a default and a reason', () => {
  for (const { key, fallback, description } of policyFields()) {
    expect(description.length, key).toBeGreaterThan(20);
    expect(fallback, key).toMatch(/\S/);
  }
});

test('the fields are those that the command line knows', () => {
  const keys = policyFields().map(({ key }) => key);
  const settings = settingsOf(defaultPolicy).map(([key]) => key);
  // A window is none by default, and has fields of its own once it is set.
  expect(keys.filter((key) => !key.startsWith('window.'))).toEqual(
    settings.filter((key) => key !== 'window'),
  );
});

test('the table in the README has a row for each field, with its default and its reason', () => {
  const rows = policyFields().map(
    ({ key, fallback, description }) => `| \`${key}\` | ${fallback} | ${description} |`,
  );
  const table = readme.slice(readme.indexOf('| field | default |'));
  expect(table.split('\n').slice(2, 2 + rows.length)).toEqual(rows);
});
