package example;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

/**
 * The filter that lets in requests for which Symbolon vouches: Spring Security's resource server,
 * with the assertion in place of a bearer token.
 */
@Configuration
class SymbolonSecurity {
  private static final Duration SKEW = Duration.ofSeconds(5);

  @Bean
  SecurityFilterChain symbolon(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
        .oauth2ResourceServer(
            server ->
                server
                    .jwt(jwt -> {})
                    .bearerTokenResolver(
                        request -> {
                          List<String> all =
                              Collections.list(request.getHeaders("X-Session-Assertion"));
                          return all.size() == 1 && !all.get(0).isEmpty() ? all.get(0) : null;
                        }))
        // The session is Symbolon's, and so is the token against forged requests.
        .sessionManagement(own -> own.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(csrf -> csrf.disable())
        .build();
  }

  /**
   * @param issuer Symbolon's name, its setting "audience"
   * @param audience this application's
   */
  @Bean
  JwtDecoder assertions(
      @Value("${symbolon.jwks}") String jwks,
      @Value("${symbolon.issuer}") String issuer,
      @Value("${symbolon.audience}") String audience) {
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSetUri(jwks).jwsAlgorithm(SignatureAlgorithm.ES256).build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<Jwt>(
            // Its default bears a minute of skew, which would be an assertion's life once more.
            new JwtTimestampValidator(SKEW),
            new JwtIssuerValidator(issuer),
            new JwtClaimValidator<List<String>>(
                "aud", all -> all != null && all.contains(audience)),
            new JwtClaimValidator<Object>("exp", end -> end != null)));
    return decoder;
  }
}
