import type { Certificate } from '../../lmtp-gateway/lmtp-server.ts';

/** A certificate for mail.example.com that tests alone use: its key is here for all to read. Good for a hundred years. */
export const testCertificate: Certificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBqTCCAVCgAwIBAgIUXREki8yFj09QlG8UtpT0RDmmAJAwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLmNvbTAgFw0yNjExMjAyMjEzMTFaGA8y
MTI2MTAyNzIyMTMxMVowGzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLmNvbTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABEP2zFH8HoU5iHdzjKBWzVcIdPHru8vP9nVJ
1P5dlWrWy4YC5AvDYaTVWTpFViaIewPy2RbrS4zlsXm86Y+s3wKjcDBuMB0GA1Ud
DgQWBBRebXFyeaBndfGmBxXMoqkTJ/l3PjAfBgNVHSMEGDAWgBRebXFyeaBndfGm
BxXMoqkTJ/l3PjAPBgNVHRMBAf8EBTADAQH/MBsGA1UdEQQUMBKCEG1haWwuZXhh
bXBsZS5jb20wCgYIKoZIzj0EAwIDRwAwRAIgE21iFs/MgIgOQ3dEFZszNqWwVTFI
KI01iQoLIg5I828CIFBTzH6cAtJdVnwYlaxkRLMW/9lqZ2MizoEwJwsLmegZ
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzcEdqFNWNXDs+uiP
lwK9q/vv6BAzMN2Il4HjpGnVytahRANCAARD9sxR/B6FOYh3c4ygVs1XCHTx67vL
z/Z1SdT+XZVq1suGAuQLw2Gk1Vk6RVYmiHsD8tkW60uM5bF5vOmPrN8C
-----END PRIVATE KEY-----
`,
};
