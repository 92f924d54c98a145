# needs: uruk
# A host's firewall put on a gateway: SSH from inside; nothing is said of forwarding.
cat > /etc/uruk/rc <<'RC'
version=20140319
loglevel=30
interfaces="eth1 ppp0"
interfaces_unprotect="lo"
ips_eth1=default
ip_eth1_default=10.79.2.1
net_eth1_default=10.79.2.0/24
bcast_eth1_default=10.79.2.255
ips_ppp0=default
ip_ppp0_default=198.19.79.3
net_ppp0_default=0.0.0.0/0
bcast_ppp0_default=198.19.79.255
services_eth1_default_tcp=local
sources_eth1_default_tcp_local=10.79.2.0/24
ports_eth1_default_tcp_local="22"
RC
uruk
