import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import * as openRequest from "../../../src/core/approving/open-request.js";
import * as rules from "../../../src/core/approving/rules.js";
import * as terms from "../../../src/core/approving/terms.js";
import * as move from "../../../src/core/cancelling/move.js";

/** The part of the core that the model test drives. */
export interface Engine {
	readonly move: typeof move.move;
	readonly openRequest: typeof openRequest.openRequest;
	readonly termsOf: typeof terms.termsOf;
	readonly peopleBehind: typeof rules.peopleBehind;
}

export const engine: Engine = { ...move, ...openRequest, ...terms, ...rules };

/** One place of the source (under src/core) and what stands there instead when a rule is switched off. */
export type Edit = readonly [file: string, from: string, to: string];

const CORE = resolve("src/core");
const ENTRY = ["cancelling/move", "approving/open-request", "approving/terms", "approving/rules"]
	.map((file) => `export * from "./${file}.js";`)
	.join("\n");

/** The core with a fault planted in its source, which stays as it is. */
export async function withFault<T>(edits: readonly Edit[], use: (faulty: Engine) => T): Promise<T> {
	const faulty = new Map<string, string>();
	for (const [file, from, to] of edits) {
		const path = join(CORE, file);
		const source = faulty.get(path) ?? readFileSync(path, "utf8");
		if (source.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
		faulty.set(
			path,
			source.replace(from, () => to),
		);
	}
	const { outputFiles } = await build({
		stdin: { contents: ENTRY, resolveDir: CORE },
		bundle: true,
		write: false,
		format: "esm",
		plugins: [
			{
				name: "plant-fault",
				setup: ({ onLoad }) =>
					onLoad({ filter: /\.ts$/ }, ({ path }) => {
						const contents = faulty.get(path);
						return contents === undefined ? undefined : { contents, loader: "ts" };
					}),
			},
		],
	});
	const [code] = outputFiles;
	return use(await import(`data:text/javascript,${encodeURIComponent(code?.text ?? "")}`));
}
