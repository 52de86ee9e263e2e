# Build: docker build -t symbolon .
FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY .mvn .mvn
COPY gateways gateways
COPY src src
RUN --mount=type=cache,target=/root/.m2 mvn -q package -DskipTests
RUN src/build/jlink.sh check target/symbolon.jar target/lib \
 && mkdir -p /opt/symbolon/bin \
 && src/build/jlink.sh link /opt/symbolon/runtime \
 && cp -r target/symbolon.jar target/lib /opt/symbolon/ \
 && cp src/main/sh/symbolon /opt/symbolon/bin/ \
 && chmod 0755 /opt/symbolon/bin/symbolon \
 && src/build/jlink.sh train /opt/symbolon \
 && chmod -R a+rX,go-w /opt/symbolon

FROM debian:bookworm-slim
COPY --from=build /opt/symbolon /opt/symbolon
# A number, so that an orchestrator can see that it is not root. It can write below /tmp alone, where no
# configuration is looked for.
USER 10001:10001
WORKDIR /opt/symbolon
# public, admin, management
EXPOSE 8080 8081 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
  CMD ["/opt/symbolon/bin/symbolon", "health"]
ENTRYPOINT ["/opt/symbolon/bin/symbolon"]
CMD ["serve"]
