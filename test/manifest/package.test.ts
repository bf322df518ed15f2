import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import { validate, writePackage } from "../../manifest/package.mjs";
import { LANGUAGES } from "../../src/cards/words.js";

const MicrosoftAppId = "3F4A6B60-7C1E-4E7C-9C7B-13F8D44B20C4";

describe("the Teams app package", () => {
	let directory: string;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	});
	afterAll(() => rm(directory, { recursive: true }));

	async function pack(environment: Record<string, string>, name = "app.zip") {
		const path = join(directory, name);
		await writePackage(environment, path);
		const files = unzipSync(new Uint8Array(await readFile(path)));
		const manifest = files["manifest.json"];
		if (!manifest) throw new Error("the package has no manifest");
		return { files, manifest: JSON.parse(strFromU8(manifest)) };
	}

	it("holds a valid manifest with the ids filled in, both icons, and its texts in the other languages", async () => {
		const { files, manifest } = await pack({ MicrosoftAppId });
		await validate(manifest);
		expect(JSON.stringify(manifest)).not.toContain("{{");
		expect(manifest).toMatchObject({
			id: MicrosoftAppId.toLowerCase(),
			bots: [{ botId: MicrosoftAppId.toLowerCase(), scopes: ["personal", "team", "groupChat"] }],
		});
		const languages = LANGUAGES.filter((language) => language !== "en").map((language) => `${language}.json`);
		expect(Object.keys(files).sort()).toEqual(
			["color.png", "manifest.json", "outline.png", ...languages].sort(),
		);
	});

	it.each([
		["color.png", 192],
		["outline.png", 32],
	])("holds %s as a PNG of %i pixels square", async (name, size) => {
		const { files } = await pack({ MicrosoftAppId });
		const png = Buffer.from(files[name] ?? []);
		expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
		expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
	});

	it("takes an empty setting as one that was not given, and a site with or without a slash", async () => {
		const environment = { MicrosoftAppId, TEAMS_APP_ID: "", DEVELOPER_URL: "https://contoso.example/" };
		expect((await pack(environment)).manifest).toMatchObject({
			id: MicrosoftAppId.toLowerCase(),
			developer: {
				websiteUrl: "https://contoso.example",
				privacyUrl: "https://contoso.example/privacy",
				termsOfUseUrl: "https://contoso.example/terms",
			},
		});
	});

	it("keeps the Teams app's own id apart from the bot's", async () => {
		const TEAMS_APP_ID = "7d1f0c52-98f4-4a55-8a3e-0d2a6a0c1b11";
		const { manifest } = await pack({ MicrosoftAppId, TEAMS_APP_ID });
		expect([manifest.id, manifest.bots[0].botId]).toEqual([TEAMS_APP_ID, MicrosoftAppId.toLowerCase()]);
	});

	it("takes the version of the product", async () => {
		const { version } = JSON.parse(await readFile("package.json", "utf8"));
		expect((await pack({ MicrosoftAppId })).manifest.version).toBe(version);
	});

	it("lists every command that help lists", async () => {
		const { manifest } = await pack({ MicrosoftAppId });
		const [list] = manifest.bots[0].commandLists;
		expect(list.commands.map((command: { title: string }) => command.title)).toEqual([
			"jobs",
			"status",
			"cancel job",
			"history",
			"export",
			"whoami",
			"help",
		]);
	});

	it("is the same file for the same input", async () => {
		await pack({ MicrosoftAppId }, "one.zip");
		await pack({ MicrosoftAppId }, "two.zip");
		expect(await readFile(join(directory, "one.zip"))).toEqual(await readFile(join(directory, "two.zip")));
	});

	it("is the same file in every time zone", async () => {
		const [here, east] = ["here.zip", "east.zip"].map((name) => join(directory, name)) as [string, string];
		await writePackage({ MicrosoftAppId }, here);
		const script = `import("./manifest/package.mjs").then((it) => it.writePackage(process.env, ${JSON.stringify(east)}))`;
		// Where hardly anybody runs this.
		execFileSync(process.execPath, ["--eval", script], { env: { TZ: "Pacific/Kiritimati", MicrosoftAppId } });
		expect(await readFile(east)).toEqual(await readFile(here));
	});

	it.each([{}, { MicrosoftAppId: "my-bot" }, { MicrosoftAppId, TEAMS_APP_ID: "x" }])(
		"is not written for %j, with a sentence that says what to set",
		async (environment) => {
			await expect(writePackage(environment, join(directory, "no.zip"))).rejects.toThrow(
				/MicrosoftAppId|TEAMS_APP_ID/,
			);
		},
	);

	it("ends with exit code 1 and only that sentence when run without an id", () => {
		const script = resolve("manifest/package.mjs");
		const run = spawnSync(process.execPath, [script], { cwd: directory, env: {}, encoding: "utf8" });
		expect(run.status).toBe(1);
		expect(run.stderr).toMatch(/^Set MicrosoftAppId to .*\n$/);
	});

	it("is not written when the manifest does not fit the schema", async () => {
		const environment = { MicrosoftAppId, DEVELOPER_URL: "not a url" };
		await expect(writePackage(environment, join(directory, "no.zip"))).rejects.toThrow("schema");
	});
});
