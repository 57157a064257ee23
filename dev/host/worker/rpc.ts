/**
 * Data that is sent between host and worker, in the shapes that `@azure/functions` 4.x uses. The library's
 * package does not export these types.
 */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

/** Exactly one property is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly stream?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: HttpData;
}

export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Record<string, NullableString>;
  readonly nullableQuery?: Record<string, NullableString>;
  readonly nullableParams?: Record<string, NullableString>;
  readonly body?: TypedData | null;
  readonly statusCode?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: readonly HttpCookie[];
  readonly enableContentNegotiation?: boolean;
}

export interface NullableString {
  readonly value?: string;
}

export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: NullableString | undefined;
  readonly path?: NullableString | undefined;
  readonly expires?: { readonly value?: { readonly seconds?: number | string } } | undefined;
  readonly secure?: { readonly value?: boolean } | undefined;
  readonly httpOnly?: { readonly value?: boolean } | undefined;
  readonly maxAge?: { readonly value?: number } | undefined;
  /** 'none' means that the app set nothing. */
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
}

export interface BindingInfo {
  readonly type?: string;
  readonly direction?: 'in' | 'out' | 'inout';
  readonly name?: string;
  [property: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Record<string, BindingInfo>;
  readonly retryOptions?: unknown;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  /** `name` is the name of a binding. */
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Record<string, TypedData>;
  readonly traceContext: {
    readonly traceParent: string;
    readonly traceState: string;
    readonly attributes: Record<string, string>;
  };
}

export interface InvocationResponse {
  readonly invocationId?: string;
  readonly outputData?: readonly { readonly name: string; readonly data: TypedData }[];
  readonly returnValue?: TypedData | null;
}
