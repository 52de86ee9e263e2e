package org.symbolon.benchmarks.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Spring Session over Redis, as Spring Boot sets it up by itself. */
@SpringBootApplication
@RestController
public class SpringSessions {
  public static void main(String[] args) {
    SpringApplication.run(SpringSessions.class, args);
  }

  @PostMapping("/login")
  ResponseEntity<Void> login(HttpServletRequest request, @RequestParam String user) {
    request.getSession(true).setAttribute("user", user);
    return ResponseEntity.noContent().build();
  }

  @GetMapping("/validate")
  ResponseEntity<Void> validate(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object user = session == null ? null : session.getAttribute("user");
    return user == null
        ? ResponseEntity.status(401).build()
        : ResponseEntity.ok().header("X-Session-User", user.toString()).build();
  }
}
