# needs: pyroman
# Port 21 and all high ports out.
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
allow(client="Y", server="ANY", service="ftp unprivileged")
CONF
pyroman --no-act --print > /tmp/pyroman.out 2>/dev/null || true
pyroman
