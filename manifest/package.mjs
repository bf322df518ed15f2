// Fills in the Teams app manifest, validates it with its translations and writes the app package.
//
//   MicrosoftAppId        the bot's app registration; required
//   TEAMS_APP_ID          the Teams app's own id; the same as MicrosoftAppId unless given
//   DEVELOPER_NAME, DEVELOPER_URL, PRIVACY_URL, TERMS_URL   shown to people who install the app
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { zipSync } from "fflate";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SCHEMAS = "@microsoft/app-manifest/build/json-schemas/teams/v1.30/";
const ICONS = { "color.png": 192, "outline.png": 32 };
/** Zip files hold local times; a fixed one makes the same input the same file, in every time zone. */
const MTIME = new Date(2026, 0, 1);

const require = createRequire(import.meta.url);
// Microsoft's patterns are not all valid as Unicode ones.
const ajv = new AjvDraft04.default({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);

const here = (/** @type {string} */ name) => new URL(name, import.meta.url);

/**
 * Writes the package to `path`.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} path
 * @throws {Error} with a sentence for people when an id is missing or the manifest is not valid
 */
export async function writePackage(environment, path) {
	const manifest = await fillManifest(environment);
	await validate(manifest);
	const files = { "manifest.json": new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) };
	for (const { file } of manifest.localizationInfo.additionalLanguages)
		files[file] = await readLanguage(file);
	for (const [name, size] of Object.entries(ICONS)) files[name] = await readIcon(name, size);
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, zipSync(files, { mtime: MTIME }));
	return manifest;
}

async function fillManifest(/** @type {Readonly<Record<string, string | undefined>>} */ environment) {
	const botId = environment.MicrosoftAppId ?? "";
	if (!GUID.test(botId))
		throw new Error(
			"Set MicrosoftAppId to the client id of the bot's app registration, a GUID, and try again.",
		);
	// An empty line in an environment file means "not given", as leaving it out does.
	const appId = environment.TEAMS_APP_ID || botId;
	if (!GUID.test(appId)) throw new Error("TEAMS_APP_ID must be a GUID.");
	const website = (environment.DEVELOPER_URL || "https://example.com/recovery-control").replace(/\/+$/, "");
	const values = {
		botId: botId.toLowerCase(),
		appId: appId.toLowerCase(),
		version: JSON.parse(await readFile(here("../package.json"), "utf8")).version,
		developerName: environment.DEVELOPER_NAME || "Recovery Control",
		websiteUrl: website,
		privacyUrl: environment.PRIVACY_URL || `${website}/privacy`,
		termsOfUseUrl: environment.TERMS_URL || `${website}/terms`,
	};
	const template = await readFile(here("manifest.json"), "utf8");
	const quoted = (/** @type {string} */ value) => JSON.stringify(value).slice(1, -1);
	return JSON.parse(template.replace(/\{\{(\w+)\}\}/g, (_, key) => quoted(values[key])));
}

export function validate(/** @type {object} */ manifest) {
	return check(manifest, "manifest", "MicrosoftTeams.schema.json");
}

/** The manifest's texts in another language: https://learn.microsoft.com/microsoftteams/platform/resources/schema/localization-schema */
export function validateLanguage(/** @type {object} */ texts, /** @type {string} */ name) {
	return check(texts, name, "MicrosoftTeams.Localization.schema.json");
}

async function check(/** @type {object} */ data, /** @type {string} */ name, /** @type {string} */ file) {
	// Compiled once: Node hands out the same schema again, and Ajv knows it by that.
	if (ajv.validate(require(SCHEMAS + file), data)) return;
	throw new Error(
		`The ${name} does not fit Microsoft's schema: ${ajv.errorsText(ajv.errors, { dataVar: name })}`,
	);
}

async function readLanguage(/** @type {string} */ file) {
	const text = await readFile(here(`languages/${file}`));
	await validateLanguage(JSON.parse(text.toString("utf8")), file);
	return new Uint8Array(text);
}

async function readIcon(/** @type {string} */ name, /** @type {number} */ size) {
	const png = await readFile(here(name));
	const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
	if (width !== size || height !== size)
		throw new Error(`${name} is ${width}x${height}, and must be ${size}x${size}.`);
	return new Uint8Array(png);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const path = "build/recovery-control.zip";
	writePackage(process.env, path).then(
		(manifest) =>
			process.stdout.write(
				`Wrote ${path}: ${manifest.name.short} ${manifest.version}, bot ${manifest.bots[0].botId}\n`,
			),
		(error) => {
			process.stderr.write(`${error.message}\n`);
			process.exitCode = 1;
		},
	);
}
