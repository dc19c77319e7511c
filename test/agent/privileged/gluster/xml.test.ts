// The envelope of `--xml`, over every captured output, and what is not an envelope.
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../../agent/privileged/gluster/xml.ts';
import { fixtureNames, readFixture, versions } from './fixtures.ts';

const envelope = (inside: string) =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cliOutput>${inside}</cliOutput>\n`;
const fine = '<opRet>0</opRet><opErrno>0</opErrno><opErrstr/>';

describe.each(versions)('the XML of GlusterFS %s', (version) => {
  it.each(fixtureNames(version, /\.xml$/))('has an envelope in %s, or is plain text', (name) => {
    const text = readFixture(version, name);
    const reply = parseXml(text, name);
    if (!text.startsWith('<')) {
      expect(reply).toEqual({ kind: 'text', text: text.trim() });
      return;
    }
    expect(reply).toMatchObject({ kind: 'xml', opRet: Number(/<opRet>(.*)<\/opRet>/.exec(text)?.[1]) });
  });

  it('finds the envelope behind the result, where heal info has it', () => {
    expect(parseXml(readFixture(version, 'heal-summary-distribute.xml'), 'heal')).toMatchObject({
      opRet: -1,
      opErrno: 22,
      opErrstr: expect.stringContaining('not of type replicate/disperse'),
    });
  });
});

describe('an envelope', () => {
  it('keeps an error of several lines', () => {
    const text = envelope('<opRet>-1</opRet><opErrno>30800</opErrno><opErrstr>on a: no\non b: no</opErrstr>');
    expect(parseXml(text, 'it')).toMatchObject({ opErrstr: 'on a: no\non b: no' });
  });

  it('decodes what XML encodes, once', () => {
    const text = envelope(
      '<opRet>-1</opRet><opErrno>0</opErrno><opErrstr>a &amp;lt; b &lt;&quot;c&quot;</opErrstr>',
    );
    expect(parseXml(text, 'it')).toMatchObject({ opErrstr: 'a &lt; b <"c"' });
  });

  it.each([
    ['nothing', ''],
    ['only white space', ' \n'],
    ['half an element', envelope(fine).slice(0, 80)],
    ['no end', envelope(fine).replace('</cliOutput>', '')],
    ['text before the XML', `warning\n${envelope(fine)}`],
    ['text after the XML', `${envelope(fine)}warning`],
    ['two documents', envelope(fine) + envelope(fine)],
    ['another root', '<html><body/></html>'],
    ['no opRet', envelope('<opErrno>0</opErrno><opErrstr/>')],
    ['two opRet', envelope(`<opRet>0</opRet>${fine}`)],
    ['an opRet that is no number', envelope(fine.replace('<opRet>0', '<opRet>zero'))],
    ['an opRet with a space in it', envelope(fine.replace('<opRet>0', '<opRet>0 '))],
    ['a comment', envelope(`<!-- x -->${fine}`)],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${envelope(fine)}`],
    ['CDATA', envelope('<opRet>0</opRet><opErrno>0</opErrno><opErrstr><![CDATA[x]]></opErrstr>')],
    ['deep nesting', envelope(fine + '<a>'.repeat(50) + '</a>'.repeat(50))],
    ['nesting without end', '<a>'.repeat(100_000)],
    ['a dangerous name', envelope(`${fine}<__proto__>1</__proto__>`)],
    ['a character that no terminal sent', envelope(`${fine}\0`)],
  ])('with %s is an error', (_, text) => {
    expect(() => parseXml(text, 'it')).toThrow(
      expect.objectContaining({ name: 'MortarError', code: 'bad-output' }),
    );
  });

  it('of 9 MB is refused before it is parsed', () => {
    const text = envelope(`${fine}<x>${'x'.repeat(9_000_000)}</x>`);
    expect(() => parseXml(text, 'it')).toThrow(expect.objectContaining({ code: 'output-too-large' }));
  });
});
