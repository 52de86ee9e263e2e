package org.symbolon.config;

/**
 * What is kept of people beside what comparing them needs.
 *
 * @param devices families and hashes of the device of a login, with its session
 * @param presenters addresses and user agents, in audit events
 */
public record PrivacyConfig(boolean devices, boolean presenters) {
  static PrivacyConfig read(Settings settings) {
    return new PrivacyConfig(settings.flag("privacy.devices"), settings.flag("privacy.presenters"));
  }
}
