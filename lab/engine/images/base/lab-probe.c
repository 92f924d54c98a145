/*
 * Port probes: TCP SYNs to every port of an address, as fast as the kernel takes them, and what of them arrives.
 *
 *   lab-probe host           sends and sees; commands on standard input, answers in JSON lines on standard output
 *     send SOURCE DESTINATION SOURCE-PORT PASS FIRST LAST MAC   a SYN to each port of a range, MAC being the next hop's;
 *                                                               answered when all are sent, other commands meanwhile
 *     inject MAC HEX                                            one IP packet as it is
 *     report                                                    which ports of which passes arrived since the last report
 *   lab-probe relay DEVICE MAC   passes on what leaves a firewall parked (see below) for MAC, the other firewall
 *
 * A probe carries its own name: the IP identification, or in IPv6 the flow label, is its pass, the sequence number is a mark
 * and the complement of the port that it was sent to. NAT may change addresses and ports and the name stays; and the checksum
 * is the same for every port. No rule of iptables looks at these, unless it was written by hand in u32 or bpf.
 *
 * Two things keep probes away from everybody else. They are sent with a priority tag, IEEE 802.1Q with VLAN 0, which
 * counts as no tag for the receiver, but which br_netfilter leaves alone (net.bridge.bridge-nf-filter-vlan-tagged): so
 * the machine's own connection tracking, which has room for some 200,000 connections, does not see a million probes. And
 * the firewall that lets one through parks it, once all its rules have decided: it gets the EtherType 0x88b5, which IEEE
 * 802 keeps for experiments. It crosses the wire to its host, where nobody but this program takes it, and nobody answers.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* MARK and the windows SWEEP and CONVERSATION are also in lab/exposure/probe-mark.ts and in lab-exposure. */
enum { MARK = 0x9b0d, SWEEP = 427, CONVERSATION = 428, PARKED = 0x88b5, PORTS = 65536 };

/*
 * Ethernet II, 802.1Q, IPv4 without options (RFC 791) or IPv6 (RFC 8200), TCP with the option MSS (RFC 9293), as on the wire. In
 * words of 16 bits, so that no compiler puts anything between them.
 */
struct link {
  uint8_t to[6], from[6];
  uint16_t tag, vlan, type;
};
struct ipv4 {
  uint8_t version, service;
  uint16_t length, pass, fragment;
  uint8_t life, protocol;
  uint16_t checksum, source[2], destination[2];
};
struct ipv6 {
  uint16_t version, pass, length; /* The flow label has 20 bits; the pass takes the lower 16. */
  uint8_t protocol, life;
  uint16_t source[8], destination[8];
};
struct tcp {
  uint16_t source_port, port, mark, complement;
  uint16_t acknowledged[2];
  uint8_t offset, flags;
  uint16_t window, checksum, urgent;
  uint8_t mss[4];
};
enum { LINK = sizeof(struct link), IPV4 = sizeof(struct ipv4), IPV6 = sizeof(struct ipv6), TCP = sizeof(struct tcp) };
/* The headers before TCP end where it begins. */
struct frame {
  uint8_t head[LINK + IPV6];
  struct tcp tcp;
};

static void fail(const char *what) {
  fprintf(stderr, "lab-probe: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint32_t sum(const void *data, int bytes) {
  uint32_t total = 0;
  for (int at = 0; at < bytes; at += 2) {
    uint16_t word;
    memcpy(&word, (const uint8_t *)data + at, 2);
    total += word;
  }
  return total;
}

/* The Internet checksum (RFC 1071) of words that were added up. */
static uint16_t folded(uint32_t total) {
  while (total >> 16) total = (total & 0xffff) + (total >> 16);
  return ~total;
}

static int parse_mac(const char *text, uint8_t *mac) {
  return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) == 6;
}

/* A socket that sends frames by a device, whose hardware address goes to `own`. */
static int sender(const char *device, uint8_t *own) {
  int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(device)};
  if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &request) || bind(fd, (struct sockaddr *)&at, sizeof at)) fail(device);
  memcpy(own, request.ifr_hwaddr.sa_data, 6);
  setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
  return fd;
}

/* Sends all messages; a full queue is waited for, at most a second. */
static int send_all(int fd, struct mmsghdr *messages, int count) {
  int done = 0;
  for (int patience = 10000; done < count && patience > 0;) {
    int sent = sendmmsg(fd, messages + done, count - done, 0);
    if (sent > 0) done += sent;
    else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) fail("send");
    else patience--, usleep(100);
  }
  return done;
}

/* Sends a SYN to each port from `first` to `last`; `bytes`: of the whole frame. Returns how many went out. */
static int sweep(int fd, struct frame probe, int bytes, int first, int last) {
  enum { BATCH = 512 };
  static struct frame probes[BATCH];
  static struct iovec parts[BATCH];
  static struct mmsghdr messages[BATCH];
  for (int at = 0; at < BATCH; at++) {
    probes[at] = probe;
    parts[at] = (struct iovec){(uint8_t *)&probes[at] + sizeof probe - bytes, bytes};
    messages[at].msg_hdr = (struct msghdr){.msg_iov = &parts[at], .msg_iovlen = 1};
  }
  int sent = 0;
  for (int port = first; port <= last; port += BATCH) {
    int count = last - port + 1 < BATCH ? last - port + 1 : BATCH;
    for (int at = 0; at < count; at++) {
      probes[at].tcp.port = htons(port + at);
      probes[at].tcp.complement = htons(0xffff - port - at);
    }
    sent += send_all(fd, messages, count);
  }
  return sent;
}

/* The type of a frame that carries an IP packet. */
static uint16_t type_of(const uint8_t *packet) { return htons(packet[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP); }

/* A frame of a priority tag to `to`. */
static struct link link_to(const uint8_t *to, const uint8_t *own, uint16_t type) {
  struct link link = {.tag = htons(ETH_P_8021Q), .type = type};
  memcpy(link.to, to, 6);
  memcpy(link.from, own, 6);
  return link;
}

/*
 * Makes a probe, its port and complement left to the sweep: they add up to 0xffff, which is nothing in ones' complement. Returns the
 * bytes of the frame, or 0 if the addresses are none.
 */
static int make(struct frame *probe, const uint8_t *to, const uint8_t *own, const char *source, const char *destination, int port,
                int pass) {
  struct ipv4 ipv4 = {.version = 0x45, .length = htons(IPV4 + TCP), .pass = htons(pass), .fragment = htons(0x4000), .life = 64, .protocol = IPPROTO_TCP};
  struct ipv6 ipv6 = {.version = htons(0x6000), .pass = htons(pass), .length = htons(TCP), .protocol = IPPROTO_TCP, .life = 64};
  struct tcp tcp = {
      .source_port = htons(port), .mark = htons(MARK), .offset = TCP / 4 << 4, .flags = 2, .window = htons(SWEEP), .mss = {2, 4, 1460 >> 8, 1460 & 0xff},
  };
  uint32_t pseudo = htons(IPPROTO_TCP) + htons(TCP);
  uint8_t *end = probe->head + sizeof probe->head;
  int six = inet_pton(AF_INET6, source, ipv6.source) == 1 && inet_pton(AF_INET6, destination, ipv6.destination) == 1;
  if (six) {
    pseudo += sum(ipv6.source, 32);
    memcpy(end - IPV6, &ipv6, IPV6);
  } else if (inet_pton(AF_INET, source, ipv4.source) == 1 && inet_pton(AF_INET, destination, ipv4.destination) == 1) {
    pseudo += sum(ipv4.source, 8);
    ipv4.checksum = folded(sum(&ipv4, IPV4));
    memcpy(end - IPV4, &ipv4, IPV4);
  } else return 0;
  tcp.checksum = folded(pseudo + sum(&tcp, TCP));
  probe->tcp = tcp;
  struct link link = link_to(to, own, htons(six ? ETH_P_IPV6 : ETH_P_IP));
  int bytes = LINK + (six ? IPV6 : IPV4) + TCP;
  memcpy((uint8_t *)probe + sizeof *probe - bytes, &link, LINK);
  return bytes;
}

/*
 * Packets on their way in, taken from the socket as many at a time as there are. Nobody waits for them, as each wakening
 * costs more than a probe does: the socket, of ROOM bytes, is looked at every PAUSE milliseconds.
 */
enum { SLOT = 256, SLOTS = 512, ROOM = 1 << 27, PAUSE = 2 };
static uint8_t packets[SLOTS][SLOT];
static struct sockaddr_ll ways[SLOTS];
static struct mmsghdr received[SLOTS];

/* A socket for a device's frames, with room for more than two passes. */
static int receiver(int kind, int protocol, const char *device, const struct sock_fprog *filter) {
  static struct iovec parts[SLOTS];
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = if_nametoindex(device)};
  int fd = socket(AF_PACKET, kind, 0), room = ROOM;
  // In a user namespace the limit of SO_RCVBUF holds (socket(7)); whether probes were lost is counted in any case.
  if (fd < 0 || (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room)) ||
      (filter && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof *filter)) ||
      bind(fd, (struct sockaddr *)&at, sizeof at))
    fail(device);
  for (int at = 0; at < SLOTS; at++) {
    parts[at] = (struct iovec){packets[at], SLOT};
    received[at].msg_hdr = (struct msghdr){.msg_name = &ways[at], .msg_namelen = sizeof ways[at], .msg_iov = &parts[at], .msg_iovlen = 1};
  }
  return fd;
}

/* How many packets there were, at most SLOTS; 0 for none. */
static int receive(int fd) {
  int count = recvmmsg(fd, received, SLOTS, MSG_DONTWAIT, 0);
  return count < 0 ? 0 : count;
}

/* Ports that arrived, a bit each, by pass. */
static uint8_t *arrived[65536];

/* Takes down what arrived: a packet, whose port its sequence number tells, or an ICMPv6 error about one. */
static void note(const uint8_t *packet, int bytes) {
  struct ipv4 ipv4;
  struct ipv6 ipv6;
  struct tcp tcp;
  int six = packet[0] >> 4 == 6, at = six ? IPV6 : IPV4;
  if (bytes < IPV6) return;
  memcpy(&ipv4, packet, IPV4);
  memcpy(&ipv6, packet, IPV6);
  int error = six && ipv6.protocol == IPPROTO_ICMPV6;
  if (error) at += 8 + IPV6;
  if (bytes < at + 20) return;
  memcpy(&tcp, packet + at, 20);
  if (!error && ntohs(tcp.window) == CONVERSATION) {
    printf("{\"packet\":\"");
    for (int byte = 0; byte < bytes; byte++) printf("%02x", packet[byte]);
    printf("\"}\n");
    fflush(stdout);
    return;
  }
  int pass = ntohs(six ? ipv6.pass : ipv4.pass), port = 0xffff - ntohs(tcp.complement);
  if (!arrived[pass] && !(arrived[pass] = calloc(PORTS / 8, 1))) fail("memory");
  arrived[pass][port / 8] |= 1 << port % 8;
}

static void report(void) {
  const char *before = "";
  printf("{\"passes\":{");
  for (int pass = 0; pass < 65536; pass++) {
    uint8_t *ports = arrived[pass];
    if (!ports) continue;
    printf("%s\"%d\":[", before, pass);
    before = "";
    for (int port = 0; port < PORTS; port++) {
      int first = port;
      while (port < PORTS && ports[port / 8] >> port % 8 & 1) port++;
      if (port == first) continue;
      printf("%s[%d,%d]", before, first, port - 1);
      before = ",";
    }
    printf("]");
    before = ",";
    free(ports);
    arrived[pass] = 0;
  }
  printf("}}\n");
}

static void command(int fd, const uint8_t *own, char *line) {
  struct frame probe;
  uint8_t to[6];
  char source[46], destination[46], mac[18], hex[512];
  int port, pass, first, last, bytes;
  if (sscanf(line, "send %45s %45s %d %d %d %d %17s", source, destination, &port, &pass, &first, &last, mac) == 7 && parse_mac(mac, to) &&
      (bytes = make(&probe, to, own, source, destination, port, pass))) {
    /* Beside the rest: another pass may be under way, and what arrives has to be read. */
    pid_t child = fork();
    if (child > 0) return;
    printf("{\"pass\":%d,\"sent\":%d}\n", pass, sweep(fd, probe, bytes, first, last));
    fflush(stdout);
    if (child == 0) _exit(0);
  } else if (sscanf(line, "inject %17s %511s", mac, hex) == 2 && parse_mac(mac, to)) {
    uint8_t packet[LINK + sizeof hex / 2];
    bytes = LINK;
    for (char *digit = hex; sscanf(digit, "%2hhx", packet + bytes) == 1; digit += 2) bytes++;
    struct link link = link_to(to, own, type_of(packet + LINK));
    memcpy(packet, &link, LINK);
    printf("{\"injected\":%s}\n", send(fd, packet, bytes, 0) == bytes ? "true" : "false");
  } else if (!strcmp(line, "report")) report();
  else printf("{\"error\":\"no such command\"}\n");
  fflush(stdout);
}

static int host(void) {
  signal(SIGCHLD, SIG_IGN);
  uint8_t own[6];
  char device[IFNAMSIZ] = "";
  struct if_nameindex *names = if_nameindex();
  for (struct if_nameindex *name = names; name && name->if_index; name++)
    if (strcmp(name->if_name, "lo")) strcpy(device, name->if_name);
  int fd = sender(device, own);
  int in = receiver(SOCK_DGRAM, PARKED, device, 0);
  printf("{\"mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\"}\n", own[0], own[1], own[2], own[3], own[4], own[5]);
  fflush(stdout);
  static char input[65536];
  size_t held = 0;
  for (;;) {
    for (int count; (count = receive(in));)
      for (int at = 0; at < count; at++)
        if (ways[at].sll_pkttype == PACKET_HOST) note(packets[at], received[at].msg_len);
    struct pollfd commands = {0, POLLIN, 0};
    if (poll(&commands, 1, PAUSE) < 1) continue;
    ssize_t got = read(0, input + held, sizeof input - held - 1);
    if (got <= 0) return 0;
    held += got;
    input[held] = 0;
    for (char *end; (end = strchr(input, '\n'));) {
      *end = 0;
      command(fd, own, input);
      held -= end + 1 - input;
      memmove(input, end + 1, held + 1);
    }
  }
}

static int relay(const char *device, const char *to) {
  uint8_t own[6], other[6];
  int fd = sender(device, own);
  struct sock_filter parked[] = {
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PARKED, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0xffff),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog filter = {sizeof parked / sizeof *parked, parked};
  int in = receiver(SOCK_RAW, ETH_P_ALL, device, &filter);
  static uint8_t frames[SLOTS][SLOT + LINK];
  static struct iovec parts[SLOTS];
  static struct mmsghdr messages[SLOTS];
  if (!parse_mac(to, other)) return 2;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    for (int count; (count = receive(in));) {
      int passed = 0;
      for (int at = 0; at < count; at++) {
        int bytes = received[at].msg_len - ETH_HLEN;
        if (ways[at].sll_pkttype != PACKET_OUTGOING || memcmp(packets[at], other, 6)) continue;
        struct link link = link_to(other, own, type_of(packets[at] + ETH_HLEN));
        memcpy(frames[passed], &link, LINK);
        memcpy(frames[passed] + LINK, packets[at] + ETH_HLEN, bytes);
        parts[passed] = (struct iovec){frames[passed], LINK + bytes};
        messages[passed].msg_hdr = (struct msghdr){.msg_iov = &parts[passed], .msg_iovlen = 1};
        passed++;
      }
      send_all(fd, messages, passed);
    }
    poll(0, 0, PAUSE);
  }
}

int main(int count, char **words) {
  if (count == 2 && !strcmp(words[1], "host")) return host();
  if (count == 4 && !strcmp(words[1], "relay")) return relay(words[2], words[3]);
  fprintf(stderr, "Usage: lab-probe host | lab-probe relay DEVICE MAC\n");
  return 2;
}
