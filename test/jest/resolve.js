const GLOBALS = new URL("globals.js", import.meta.url).href;

/** The package itself can only be loaded by Jest. */
export async function resolve(specifier, context, next) {
	return specifier === "@jest/globals" ? { url: GLOBALS, shortCircuit: true } : next(specifier, context);
}
