# needs: uruk
# Uruk leaves forwarding to its hooks: rc_b adds the rules of a gateway that lets port 21 out.
cat > /etc/uruk/hook-forward <<'HOOK'
iptables -P FORWARD DROP
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -i eth1 -o ppp0 -p tcp --dport 21 -j ACCEPT
iptables -A FORWARD -j LOG --log-prefix "forward: "
iptables -A FORWARD -i eth1 -j REJECT
HOOK
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
rc_b=/etc/uruk/hook-forward
RC
uruk
