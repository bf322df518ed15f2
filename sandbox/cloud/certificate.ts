/** What a TLS server of the local cloud shows, and what its callers must trust. */
export interface Certificates {
	/** The throwaway authority alone, for `NODE_EXTRA_CA_CERTS`. */
	readonly caPem: string;
	/** Key of the server, and its certificate with the authority's behind it. */
	readonly tls: { readonly key: string; readonly cert: string };
}

/** Elliptic curves, since an RSA key takes a noticeable part of a second to make. */
const KIND = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

const VALID_BEFORE_MS = 60 * 60 * 1000;

/**
 * Makes an authority and one server certificate for `localhost` and 127.0.0.1, signed by it. The
 * authority's key is dropped at once, so that nobody can sign anything else with it.
 */
export async function createCertificates(): Promise<Certificates> {
	// It takes a tenth of a second to load, for nothing where the certificates are there.
	const { generate } = await import("selfsigned");
	// Valid for a while already, so that a caller whose clock is behind can be tried, too.
	const notBeforeDate = new Date(Date.now() - VALID_BEFORE_MS);
	const authority = await generate([{ name: "commonName", value: "Recovery Control sandbox" }], {
		...KIND,
		notBeforeDate,
		extensions: [
			{ name: "basicConstraints", cA: true, critical: true },
			{ name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
		],
	});
	const server = await generate([{ name: "commonName", value: "localhost" }], {
		...KIND,
		notBeforeDate,
		ca: { key: authority.private, cert: authority.cert },
		extensions: [
			{ name: "basicConstraints", cA: false },
			{ name: "keyUsage", digitalSignature: true },
			{ name: "extKeyUsage", serverAuth: true },
			{
				name: "subjectAltName",
				altNames: [
					{ type: 2, value: "localhost" },
					{ type: 7, ip: "127.0.0.1" },
				],
			},
		],
	});
	const chain = [server.cert, authority.cert].map((pem) => pem.trim()).join("\n");
	return { caPem: authority.cert, tls: { key: server.private, cert: `${chain}\n` } };
}
