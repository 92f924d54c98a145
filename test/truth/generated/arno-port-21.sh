# needs: arno-iptables-firewall
# Inside may open port 21 and nothing else.
sed -i 's/^IPV6_SUPPORT=.*/IPV6_SUPPORT=0/' /etc/arno-iptables-firewall/firewall.conf
cat > /etc/arno-iptables-firewall/conf.d/00debconf.conf <<'CONF'
EXT_IF="ppp0"
EXT_IF_DHCP_IP=0
INT_IF="eth1"
INTERNAL_NET="10.79.2.0/24"
NAT=0
NAT_INTERNAL_NET="10.79.2.0/24"
OPEN_ICMP=0
DISABLE_IPTABLES_BATCH=1
LAN_INET_OPEN_TCP="21"
LAN_INET_DEFAULT_POLICY_DROP=1
CONF
arno-iptables-firewall start
