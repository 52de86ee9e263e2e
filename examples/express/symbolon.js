import { createRemoteJWKSet, errors, jwtVerify } from "jose";

/** What is wrong with an assertion, and not with the fetching of keys. */
const REFUSED = [
  errors.JWSInvalid, errors.JWSSignatureVerificationFailed, errors.JWTInvalid,
  errors.JWTClaimValidationFailed, errors.JWTExpired, errors.JWKSNoMatchingKey,
  errors.JOSEAlgNotAllowed, errors.JOSENotSupported,
];

/**
 * Middleware that lets in requests for which Symbolon vouches, and tells whose they are in
 * req.identity. Everything else is 401.
 *
 * @param jwks the address of Symbolon's /.well-known/jwks.json
 * @param issuer Symbolon's name, its setting "audience"
 * @param audience this application's
 */
export function symbolon({ jwks, issuer, audience }) {
  const keys = createRemoteJWKSet(new URL(jwks));
  return async (request, response, next) => {
    try {
      const { payload } = await jwtVerify(request.get("X-Session-Assertion") ?? "", keys, {
        issuer,
        audience,
        algorithms: ["ES256"],
        requiredClaims: ["exp", "sub", "sid"],
        clockTolerance: 5,
      });
      request.identity = payload;
      next();
    } catch (error) {
      if (REFUSED.some((type) => error instanceof type)) {
        response.status(401).end();
      } else {
        next(Object.assign(error, { status: 503 }));
      }
    }
  };
}
