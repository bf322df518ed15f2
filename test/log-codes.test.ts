import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";

/** The calls in the source that write a warning or worse, with the facts that they give. */
async function complaints(): Promise<{ file: string; facts: string }[]> {
	const names = await readdir("src", { recursive: true });
	const files = names.filter((name) => name.endsWith(".ts"));
	const found = await Promise.all(
		files.map(async (file) => {
			const text = await readFile(`src/${file}`, "utf8");
			return [...text.matchAll(/\blog\.(?:warn|error|fatal)\(\s*(\{[^}]*\}|\w+)/gu)].map(
				([, facts = ""]) => ({
					file,
					facts,
				}),
			);
		}),
	);
	return found.flat();
}

describe("a warning or worse in the log", () => {
	it("carries a code, or is an audit event, which is one", async () => {
		const all = await complaints();
		expect(all.length).toBeGreaterThan(15);
		const bare = all.filter(({ facts }) => !/\bcode\b|\.\.\.facts/u.test(facts));
		expect(bare).toEqual([{ file: "telemetry/log-audited.ts", facts: "line" }]);
	});

	it("has its code in the README", async () => {
		const readme = await readFile("README.md", "utf8");
		const codes = (await complaints()).flatMap(({ facts }) => /\bcode: "([^"]+)"/u.exec(facts)?.[1] ?? []);
		const kinds = ["retry", "unconfirmed", "rejected", "gone"].map((kind) => `send-${kind}`);
		const known = ["queue-failed", "database-timeout", "not-committed", "database-back"];
		for (const code of [...codes, ...kinds, ...known]) expect(readme).toContain(`\`${code}\``);
	});
});
