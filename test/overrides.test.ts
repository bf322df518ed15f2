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

	it("lets those who ask for it be loaded as a whole", () => {
		const teamsAi = require("@microsoft/teams-ai");
		expect(() => new teamsAi.GPTTokenizer().encode("text")).toThrow("gpt-tokenizer is left out");
		expect(() => new teamsAi.GPT3Tokenizer().encode("text")).toThrow("gpt-tokenizer is left out");
		expect(() => new teamsAi.OpenAIModel({ apiKey: "key", defaultModel: "model" })).toThrow(
			"openai is left out",
		);
		expect(() => new teamsAi.TeamsSsoPrompt("sign-in")).toThrow("botbuilder-dialogs is left out");
	});

	it.each(leftOut)("is left out for everybody who asks for it: %s", (name) => {
		expect(overrides[name]).toBe(`$${name}`);
		const places = Object.entries(read("package-lock.json").packages as Record<string, { link?: boolean }>)
			.filter(([place]) => place.endsWith(`node_modules/${name}`))
			.map(([place, { link }]) => ({ place, link }));
		expect(places).toEqual([{ place: `node_modules/${name}`, link: true }]);
	});
});

describe("docs/dependencies.md", () => {
	it("has each direct dependency in its tables, and no other: with its way out, or why it is left out", () => {
		const text = readFileSync(new URL("../docs/dependencies.md", import.meta.url), "utf8");
		const [tables = "", leftOutAndFewer = ""] = text.split("\n## What is left out\n");
		const [leftOutTable = ""] = leftOutAndFewer.split("\nTo take one back in");
		const named = (part: string) =>
			[...part.matchAll(/^\| (`.+?`) \|/gmu)].flatMap(([, cell = ""]) => cell.split(", ")).map(unquote);
		expect(named(leftOutTable).sort()).toEqual([...leftOut].sort());
		expect(named(tables).sort()).toEqual(
			Object.keys(dependencies)
				.filter((name) => !leftOut.includes(name))
				.sort(),
		);
	});
});

function unquote(name: string): string {
	return name.slice(1, -1);
}
