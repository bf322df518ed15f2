import module from "node:module";

/** Node has it from 22.14 on. */
const { setSourceMapsSupport } = module as {
	setSourceMapsSupport?: (on: boolean, options: { readonly nodeModules: boolean }) => void;
};

/**
 * Makes stacks name the TypeScript source, in all modules that are loaded from now on. Under an older Node they
 * go on naming what was compiled: it could only read the maps of all packages, too, and would start later for it.
 */
export function nameSources(): void {
	setSourceMapsSupport?.(true, { nodeModules: false });
}
