import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "@jest/globals";

const require = createRequire(import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const { dependencies, overrides } = read("package.json") as {
	dependencies: Readonly<Record<string, string>>;
	overrides: Readonly<Record<string, unknown>>;
};
const leftOut = Object.entries(dependencies)
	.filter(([, from]) => from.startsWith("file:overrides/"))
	.map(([name]) => name);

describe("a package that is left out", () => {
	it.each(leftOut)("can be loaded and extended, and fails by its name when it is used: %s", (name) => {
		const { Part } = require(name);
		class Derived extends Part {}
		for (const use of [() => Part(), () => new Part(), () => new Derived(), () => Part.value])
			expect(use).toThrow(
				expect.objectContaining({
					code: "package-left-out",
					message: expect.stringMatching(new RegExp(`^Part.* of ${name} is wanted, but ${name} is left out`)),
				}),
			);
	});

	it.each(leftOut)("is left out for everybody who asks for it: %s", (name) => {
		expect(overrides[name]).toBe(`$${name}`);
		const places = Object.entries(read("package-lock.json").packages as Record<string, { link?: boolean }>)
			.filter(([place]) => place.endsWith(`node_modules/${name}`))
			.map(([place, { link }]) => ({ place, link }));
		expect(places).toEqual([{ place: `node_modules/${name}`, link: true }]);
	});

	it("has its reason and its way back in docs/dependencies.md", () => {
		const text = readFileSync(new URL("../docs/dependencies.md", import.meta.url), "utf8");
		expect(leftOut.filter((name) => !text.includes(`\n| \`${name}\` |`))).toEqual([]);
	});
});
