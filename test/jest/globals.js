/** What `@jest/globals` exports, as `runtime.cjs` keeps it. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } =
	globalThis.jestGlobals;
