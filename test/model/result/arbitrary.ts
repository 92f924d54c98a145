import fc from 'fast-check';
import { z } from 'zod';
import { networkName } from '../../../lab/network/definition.ts';

/** Values that a schema takes, made from the schema itself. Throws for a kind of schema that no document uses. */
export function arbitraryOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  // Names that the shipped network has.
  if (schema === networkName) return fc.constantFrom('x-workstation', 'y-server', 'vsftpd');
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodDefault) return arbitraryOf(schema.def.innerType);
  if (schema instanceof z.ZodNullable) return fc.option(arbitraryOf(schema.unwrap()));
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(arbitraryOf));
  if (schema instanceof z.ZodTuple) return fc.tuple(...schema.def.items.map(arbitraryOf));
  if (schema instanceof z.ZodArray) return fc.array(arbitraryOf(schema.element), { maxLength: 2 });
  if (schema instanceof z.ZodObject) return objectOf(schema);
  if (schema instanceof z.ZodRecord) return recordOf(schema);
  if (schema instanceof z.ZodNumber) return numberOf(schema);
  if (schema instanceof z.ZodISODateTime) return fc.date({ noInvalidDate: true, ...years }).map(isoOf);
  if (schema instanceof z.ZodString) return stringOf(schema);
  throw new Error(`There is no arbitrary for ${schema._zod.def.type}`);
}

const years = { min: new Date('0001-01-01'), max: new Date('9999-12-31') };

function isoOf(date: Date): string {
  return date.toISOString();
}

function objectOf({ shape }: z.ZodObject): fc.Arbitrary<unknown> {
  const entries = Object.entries(shape);
  const optional = entries.filter(([, field]) => field instanceof z.ZodExactOptional).map(([name]) => name);
  return fc.record(
    Object.fromEntries(
      entries.map(([name, field]) => [
        name,
        arbitraryOf(field instanceof z.ZodExactOptional ? field.unwrap() : field),
      ]),
    ),
    { requiredKeys: entries.map(([name]) => name).filter((name) => !optional.includes(name)) },
  );
}

function recordOf({ def: { keyType, valueType, mode } }: z.ZodRecord): fc.Arbitrary<unknown> {
  const value = arbitraryOf(valueType);
  if (!(keyType instanceof z.ZodEnum))
    return fc.dictionary(arbitraryOf(keyType) as fc.Arbitrary<string>, value, {
      maxKeys: 2,
      noNullPrototype: true,
    });
  const fields = Object.fromEntries(keyType.options.map((key) => [key, value]));
  return fc.record(fields, mode === 'loose' || partial(keyType) ? { requiredKeys: [] } : {});
}

/** A partial record's keys are an enum whose values may be absent. */
function partial(keys: z.core.$ZodType): boolean {
  return keys._zod.values === undefined;
}

function numberOf({ minValue, maxValue, isInt }: z.ZodNumber): fc.Arbitrary<number> {
  const limits = {
    min: Math.max(minValue ?? -1e9, isInt ? Number.MIN_SAFE_INTEGER : -1e300),
    max: Math.min(maxValue ?? 1e9, isInt ? Number.MAX_SAFE_INTEGER : 1e300),
  };
  // JSON has no -0.
  return (isInt ? fc.integer(limits) : fc.double({ ...limits, noNaN: true })).map((number) => number + 0);
}

function stringOf(schema: z.ZodString): fc.Arbitrary<string> {
  const patterns = schema.def.checks?.map(({ _zod: { def } }) =>
    'pattern' in def ? def.pattern : undefined,
  );
  const pattern = patterns?.find((one) => one instanceof RegExp);
  if (pattern) return fc.stringMatching(pattern);
  return texts.filter((text) => schema.safeParse(text).success);
}

/** What JSON has to escape, and what the schemas' own checks want. */
const awkward = fc.constantFrom(
  'a',
  '1',
  ' ',
  '"',
  '\\',
  '\n',
  '\0',
  'é',
  '\u2028',
  '\ud83d\ude00',
  '\ud800',
  '{',
  ']',
  '/',
);
const texts = fc.oneof(
  fc.string({ unit: awkward }),
  fc.constantFrom('192.168.10.0/24', '2001:db8:aa::/64', '2001:db8::1'),
);
