import { describe, expect, it } from "@jest/globals";
import { createServiceHosts, ServiceHostRefused } from "../../src/teams/service-hosts.js";

describe("the hosts a reply may be sent to", () => {
	const hosts = createServiceHosts(["smba.trafficmanager.net", "localhost:5443"]);

	it.each([
		"https://smba.trafficmanager.net/emea/11111111/",
		"https://SMBA.TrafficManager.net",
		"https://localhost:5443/teams",
		"https://smba.trafficmanager.net:443/teams",
	])("include %s", (url) => {
		expect(hosts.allows(url)).toBe(true);
	});

	it.each([
		"http://smba.trafficmanager.net/",
		"https://smba.trafficmanager.net.evil.example/",
		"https://evil.example/?smba.trafficmanager.net",
		"https://smba.trafficmanager.net@evil.example/",
		"https://smba.trafficmanager.net:8443/",
		"https://localhost/teams",
		"smba.trafficmanager.net",
		"",
	])("do not include %s", (url) => {
		expect(hosts.allows(url)).toBe(false);
		expect(() => hosts.mustAllow(url)).toThrow(ServiceHostRefused);
	});
});
