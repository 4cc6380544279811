// Evaluates JSONata with the reference implementation, extended as Step Functions extends it.
//
// Standard input: {"millis": number, "cases": [{"expression": text, "bindings": {name: value}}]}.
// Standard output: for each case {"value": …}, {"undefined": true} or {"error": text}.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';

const { millis, cases } = JSON.parse(readFileSync(0, 'utf8'));

const functions = {
  millis: () => millis,
  now: async (picture, timezone) =>
    jsonata('$fromMillis($ms, $picture, $timezone)').evaluate(undefined, { ms: millis, picture, timezone }),
  parse: (text) => (text === undefined ? undefined : JSON.parse(text)),
  partition: (items, size) => {
    if (items === undefined) return undefined;
    const parts = [];
    for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
    return parts;
  },
  range: (first, last, step) => {
    const items = [];
    for (let item = first; step > 0 ? item <= last : item >= last; item += step) items.push(item);
    return items;
  },
  hash: (text, algorithm) =>
    text === undefined ? undefined : createHash(algorithm.replace('-', '')).update(text).digest('hex'),
  eval: () => {
    throw new Error('$eval is not available');
  },
};

const results = [];
for (const { expression, bindings } of cases) {
  try {
    const value = await jsonata(expression).evaluate(undefined, { ...functions, ...bindings });
    const isFunction = value?._jsonata_function || value?._jsonata_lambda || typeof value === 'function';
    if (isFunction) results.push({ error: 'a function is no JSON value' });
    else results.push(value === undefined ? { undefined: true } : { value });
  } catch (error) {
    results.push({ error: [error.code, error.message].filter(Boolean).join(': ') });
  }
}
process.stdout.write(JSON.stringify(results));
