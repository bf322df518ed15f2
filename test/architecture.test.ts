import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const text = readFileSync("docs/architecture.md", "utf8");

/** What stands under a heading, up to the next one of its level. */
function section(heading: string): string {
	return text.split(/^## /mu).find((part) => part.startsWith(`${heading}\n`)) ?? "";
}

function diagramIn(heading: string): string {
	return /```mermaid\n(.*?)```/su.exec(section(heading))?.[1] ?? "";
}

const folders = readdirSync("src", { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => name);

describe("the picture of the house in docs/architecture.md", () => {
	it("names only files and folders that are there", () => {
		const named = [...text.matchAll(/`((?:src|sandbox|cards|test|docs)\/[^`\s]*)`/gu)].map(
			([, path = ""]) => path,
		);
		expect(new Set(named).size).toBeGreaterThan(40);
		expect(named.filter((path) => !existsSync(path))).toEqual([]);
	});

	it("links only to what is there", () => {
		const linked = [...text.matchAll(/\]\(([^)#]+)\)/gu)].map(([, path = ""]) => path);
		expect(linked.length).toBeGreaterThan(2);
		expect(linked.filter((path) => !existsSync(join("docs", path)))).toEqual([]);
	});

	it("draws every state that a cancellation may be in, and no other", () => {
		const source = readFileSync("src/core/cancelling/cancellation.ts", "utf8");
		const declared = [...source.matchAll(/^export type (?:Open|End)State =([^;]*);$/gmu)].flatMap(
			([, union = ""]) => [...union.matchAll(/"([^"]+)"/gu)].map(([, state = ""]) => state),
		);
		expect(declared).toEqual(expect.arrayContaining(["submitting", "abandoned"]));
		expect(source).toContain("export type CancellationState = OpenState | EndState;");
		const diagram = diagramIn("The states of a cancellation");
		// `state "too-late" as too_late` and `state "stopping (in doubt)" as doubt` name a state in other letters.
		const names = new Map(
			[...diagram.matchAll(/^\s*state "([^" ]+)[^"]*" as (\w+)$/gmu)].map(([, name = "", id = ""]) => [
				id,
				name,
			]),
		);
		const drawn = [...diagram.matchAll(/^\s*(\S+) --> (\w+)/gmu)].flatMap(([, from = "", to = ""]) =>
			[from, to].filter((id) => id !== "[*]").map((id) => names.get(id) ?? id),
		);
		expect([...new Set(drawn)].sort()).toEqual([...declared].sort());
	});

	it("has every folder of the source among the rooms, and in the drawing of them", () => {
		expect(folders.length).toBeGreaterThan(5);
		const rooms = [...section("The rooms").matchAll(/^\| `src\/(\w+)` \|/gmu)].map(([, name]) => name);
		expect(rooms.sort()).toEqual([...folders].sort());
		const drawn = [...diagramIn("The rooms").matchAll(/^\w+\["(\w+)"\]$/gmu)].map(([, name]) => name);
		expect(drawn.sort()).toEqual([...folders, "compose", "main"].sort());
	});

	it("numbers the steps of a request alike in its diagram and in its table", () => {
		const steps = section("A typed command");
		const drawn = [...steps.matchAll(/>>\w+: (\d+) /gu)].map(([, step]) => step);
		const told = [...steps.matchAll(/^\| (\d+) \|/gmu)].map(([, step]) => step);
		expect(drawn.length).toBeGreaterThan(10);
		expect(told).toEqual(drawn);
	});
});
