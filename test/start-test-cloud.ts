import { type Cloud, type CloudOptions, startCloud } from "../sandbox/cloud/start-cloud.js";
import { signingKeys } from "./signing-keys.js";

/** A cloud of its own, with keys and certificates that all tests share: to make them takes longer than most tests. */
export function startTestCloud(options: CloudOptions = {}): Promise<Cloud> {
	const { CLOUD_CERTIFICATES } = process.env;
	return startCloud({
		keys: signingKeys,
		...(CLOUD_CERTIFICATES !== undefined && { certificates: JSON.parse(CLOUD_CERTIFICATES) }),
		...options,
	});
}
