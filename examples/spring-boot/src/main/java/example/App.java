package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Greets whom Symbolon vouches for. */
@SpringBootApplication
@RestController
public class App {
  @GetMapping("/")
  String greet(@AuthenticationPrincipal Jwt identity) {
    return "Hello " + identity.getSubject() + ", " + identity.getClaimAsString("acr") + "\n";
  }

  public static void main(String[] arguments) {
    SpringApplication.run(App.class, arguments);
  }
}
