import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { generate } from "selfsigned";
import { findFileProblem } from "../../src/identity/check-files.js";

describe("the file with which the bot proves who it is", () => {
	let folder: string;
	let own: { private: string; cert: string };
	let other: { private: string; cert: string };
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "identity-files-"));
		[own, other] = await Promise.all([
			generate([{ name: "commonName", value: "bot" }]),
			generate([{ name: "commonName", value: "other" }]),
		]);
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	function certificate(content: string) {
		const path = join(folder, "bot.pem");
		writeFileSync(path, content);
		return findFileProblem({ AZURE_CLIENT_CERTIFICATE_PATH: path })?.text;
	}

	it("is fine with a certificate and its key, in either order", () => {
		expect(certificate(`${own.private}\n${own.cert}`)).toBeUndefined();
		expect(certificate(`${own.cert}\n${own.private}`)).toBeUndefined();
	});

	it.each([
		["a certificate without a key", () => own.cert, "without its key"],
		["a key without a certificate", () => own.private, "holds no certificate"],
		["another certificate's key", () => `${own.cert}\n${other.private}`, "do not belong together"],
		["half of a certificate", () => `${own.private}\n${own.cert.slice(0, 200)}`, "cannot be read as PEM"],
		["an encrypted key", () => `${own.cert}\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n`, "is encrypted"],
	])("is refused with %s, and the key is not repeated", (_what, content, why) => {
		const text = certificate(content());
		expect(text).toContain(why);
		expect(text).not.toContain("BEGIN");
	});

	it("must exist, be a file, and hold something", () => {
		const missing = join(folder, "missing");
		const empty = join(folder, "empty");
		writeFileSync(empty, "\n");
		expect(findFileProblem({ AZURE_CLIENT_CERTIFICATE_PATH: missing })).toEqual({
			setting: "AZURE_CLIENT_CERTIFICATE_PATH",
			text: expect.stringContaining(`${missing} does not exist`),
		});
		expect(findFileProblem({ AZURE_CLIENT_CERTIFICATE_PATH: folder })?.text).toContain("EISDIR");
		expect(findFileProblem({ AZURE_FEDERATED_TOKEN_FILE: missing })?.text).toContain("does not exist");
		expect(findFileProblem({ AZURE_FEDERATED_TOKEN_FILE: empty })?.text).toContain("is empty");
	});

	it("is not looked at when something else is used", () => {
		const AZURE_CLIENT_CERTIFICATE_PATH = join(folder, "missing");
		expect(
			findFileProblem({ MicrosoftAppPassword: "secret", AZURE_CLIENT_CERTIFICATE_PATH }),
		).toBeUndefined();
		expect(
			findFileProblem({ MicrosoftAppType: "UserAssignedMSI", AZURE_CLIENT_CERTIFICATE_PATH }),
		).toBeUndefined();
	});
});
