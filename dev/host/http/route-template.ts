/** A parsed ASP.NET route template, e.g. `products/{category:alpha}/{id:int?}` or `files/{*path}`. */
export interface RouteTemplate {
  readonly segments: readonly Segment[];
  /** Templates with smaller values match first: literals before parameters before catch-alls. */
  readonly precedence: string;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly isOptional: boolean;
      readonly constraints: readonly RegExp[];
    }
  | { readonly kind: 'catchAll'; readonly name: string };

const constraintPatterns: Readonly<Record<string, RegExp>> = {
  int: /^[+-]?\d{1,10}$/,
  long: /^[+-]?\d{1,19}$/,
  bool: /^(true|false)$/i,
  alpha: /^[a-z]*$/i,
  guid: /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
};

/**
 * Parses a template.
 * @throws RangeError for unsupported syntax.
 */
export function parseRouteTemplate(template: string): RouteTemplate {
  const parts = template.split('/').filter((part) => part !== '');
  const segments = parts.map(parseSegment);
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    const mustBeLast = segment.kind === 'catchAll' || (segment.kind === 'parameter' && segment.isOptional);
    if (mustBeLast && !isLast)
      throw new RangeError(`in the route "${template}" "{${segment.name}}" must be last`);
  });
  return { segments, precedence: segments.map(rank).join('') };
}

/**
 * Returns the percent-decoded parameters; undefined if the path does not match. Matching is case-insensitive.
 */
export function matchRoute(route: RouteTemplate, path: string): Record<string, string> | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const values: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    if (segment.kind === 'catchAll') {
      values[segment.name] = parts.slice(index).map(decode).join('/');
      return values;
    }
    const part = parts[index];
    if (part === undefined) {
      const mayBeMissing = segment.kind === 'parameter' && segment.isOptional;
      return mayBeMissing ? values : undefined;
    }
    const text = decode(part);
    if (segment.kind === 'literal') {
      if (segment.text.toLowerCase() !== text.toLowerCase()) return undefined;
      continue;
    }
    if (!segment.constraints.every((constraint) => constraint.test(text))) return undefined;
    values[segment.name] = text;
  }
  return parts.length > route.segments.length ? undefined : values;
}

function parseSegment(part: string): Segment {
  if (!part.includes('{') && !part.includes('}')) return { kind: 'literal', text: part };
  const catchAll = /^\{\*{1,2}(\w+)\}$/.exec(part);
  if (catchAll?.[1] !== undefined) return { kind: 'catchAll', name: catchAll[1] };
  const parameter = /^\{(\w+)((?::[a-z]+)*)(\?)?\}$/.exec(part);
  if (parameter?.[1] === undefined)
    throw new RangeError(`this host does not support the route segment "${part}"`);
  const names = (parameter[2] ?? '').split(':').filter((name) => name !== '');
  return {
    kind: 'parameter',
    name: parameter[1],
    isOptional: parameter[3] !== undefined,
    constraints: names.map(constraintOf),
  };
}

function constraintOf(name: string): RegExp {
  const constraint = constraintPatterns[name];
  if (constraint === undefined)
    throw new RangeError(`this host does not support the route constraint "${name}"`);
  return constraint;
}

function rank(segment: Segment): string {
  if (segment.kind === 'literal') return '1';
  if (segment.kind === 'catchAll') return '5';
  return segment.constraints.length > 0 ? '2' : '3';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
