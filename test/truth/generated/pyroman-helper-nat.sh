# needs: pyroman
# Port 21 out, with the helper attached, under NAT.
rm -f /etc/pyroman/[3-9]*.py
cat > /etc/pyroman/10_interfaces.py <<'CONF'
add_interface("any", "*")
add_interface("inside", "eth1")
add_interface("outside", "ppp0")
CONF
cat > /etc/pyroman/25_networks.py <<'CONF'
add_host(name="ANY", ip="0.0.0.0/0", iface="outside")
add_host(name="Y", ip="10.79.2.0/24", iface="inside")
CONF
cat > /etc/pyroman/40_ftp.py <<'CONF'
add_chain("PREROUTING", id="rawPRE", default="ACCEPT", table="raw")
iptables("rawPRE", "-i eth1 -p tcp --dport 21 -j CT --helper ftp")
allow(client="Y", server="ANY", service="ftp")
add_nat(client="Y", server="ANY", ip="198.19.79.3", dir="out")
CONF
pyroman --no-act --print > /tmp/pyroman.out 2>/dev/null || true
pyroman
