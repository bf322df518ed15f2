import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** A file that the settings name and that cannot be used. */
export interface FileProblem {
	readonly setting: "AZURE_CLIENT_CERTIFICATE_PATH" | "AZURE_FEDERATED_TOKEN_FILE";
	readonly text: string;
}

/**
 * Looks at the file with which the bot will prove who it is, if there is one. The identity library
 * would read it only when the first token is needed, which is when somebody wants to cancel a job.
 */
export function findFileProblem(
	settings: Readonly<Record<string, string | undefined>>,
): FileProblem | undefined {
	const { MicrosoftAppType, MicrosoftAppPassword, ...files } = settings;
	if (MicrosoftAppType === "UserAssignedMSI" || MicrosoftAppPassword) return undefined;
	// The same order as in `buildCredential`: a file that is not used may be missing.
	for (const [setting, check] of [
		["AZURE_CLIENT_CERTIFICATE_PATH", checkCertificate],
		["AZURE_FEDERATED_TOKEN_FILE", checkToken],
	] as const) {
		const path = files[setting];
		if (!path) continue;
		const text = check(path);
		return text === undefined ? undefined : { setting, text };
	}
	return undefined;
}

function checkCertificate(path: string): string | undefined {
	const pem = read(path);
	if ("why" in pem) return pem.why;
	const need = "needed is a PEM file with the certificate and its private key";
	if (!pem.text.includes("-----BEGIN CERTIFICATE-----")) return `${path} holds no certificate; ${need}`;
	if (!pem.text.includes("PRIVATE KEY-----")) return `${path} holds a certificate without its key; ${need}`;
	if (pem.text.includes("ENCRYPTED")) return `the key in ${path} is encrypted; store it without a passphrase`;
	try {
		if (new X509Certificate(pem.text).checkPrivateKey(createPrivateKey(pem.text))) return undefined;
		return `the certificate and the key in ${path} do not belong together; ${need}`;
	} catch (error) {
		return `${path} cannot be read as PEM (${(error as Error).message}); ${need}`;
	}
}

function checkToken(path: string): string | undefined {
	const token = read(path);
	if ("why" in token) return token.why;
	return token.text.trim() === "" ? `${path} is empty; the platform should keep a token in it` : undefined;
}

function read(path: string): { readonly text: string } | { readonly why: string } {
	try {
		return { text: readFileSync(path, "utf8") };
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
		return { why: `${path} ${why}; check the path, and that the bot's user may read it` };
	}
}
