import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "@swc/core";
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

/** The core with a fault planted in a copy of its source; the copy is gone afterwards. */
export async function withFault<T>(edits: readonly Edit[], use: (faulty: Engine) => T): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), "planted-fault-"));
	try {
		cpSync("src/core", folder, { recursive: true });
		writeFileSync(join(folder, "package.json"), '{"type":"module"}');
		for (const [file, from, to] of edits) {
			const path = join(folder, file);
			const source = readFileSync(path, "utf8");
			if (source.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
			writeFileSync(
				path,
				source.replace(from, () => to),
			);
		}
		for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" }))
			if (entry.endsWith(".ts")) {
				const { code } = transformSync(readFileSync(join(folder, entry), "utf8"), {
					jsc: { parser: { syntax: "typescript" }, target: "es2022" },
					module: { type: "es6" },
				});
				writeFileSync(join(folder, entry.replace(/ts$/u, "js")), code);
				rmSync(join(folder, entry));
			}
		const load = (file: string) => import(pathToFileURL(join(folder, file)).href);
		return use({
			...(await load("cancelling/move.js")),
			...(await load("approving/open-request.js")),
			...(await load("approving/terms.js")),
			...(await load("approving/rules.js")),
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
